"""On parts whose operators take time, programs compute what they always do, and both engines take the same time."""

import random

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int32
from tests.analysis.against_runs import difference, network_of, simulator_of
from tests.analysis.evaluator import evaluated
from tests.sim.programs import region_of

PIPES = (
    "",
    "",
    ', pipeline=sp.Pipeline(style="rigid")',
    ", pipeline=12",
    ", pipeline=sp.Pipeline(latency=110)",
    ', pipeline=sp.Pipeline(latency=120, style="rigid")',
)


def expression(rng, x, depth=2):
    """Something computed of a value."""
    if depth == 0:
        return rng.choice((x, x, "2", "3"))
    left, right = expression(rng, x, depth - 1), expression(rng, x, depth - 1)
    return f"({left} {rng.choice('+-*')} {right})"


def worker(rng, dtype, count):
    """The body of an actor that gets `count` tokens from `c[p]` and puts as many into `c[p + 1]`."""
    pipe, gap = rng.choice(PIPES), rng.randint(1, 6)
    kind = rng.choice(
        ("map", "sum", "delay", "shift", "apart", "nest", "kept", "branch", "pairs", "scale", "ports", "local")
    )
    value = expression(rng, "x")
    match kind:
        case "map":
            body = f"for n in range({count}{pipe}):\n    x: {dtype} = get()\n    put({value})"
        case "sum":
            body = (
                f"acc: {dtype} = 1\nfor n in range({count}{pipe}):\n    x: {dtype} = get()\n"
                f"    acc = acc + {value}\n    put(acc)"
            )
        case "delay":
            body = (
                f"buf: {dtype}[{count + gap}] = 1\nfor n in range({count}{pipe}):\n    x: {dtype} = get()\n"
                f"    buf[n + {gap}] = buf[n] + {value}\n    put(buf[n + {gap}])"
            )
        case "shift":
            body = (
                f"last: {dtype} = 1\nfor n in range({count}{pipe}):\n    put(last * 2)\n    x: {dtype} = get()\n"
                f"    last = {value}"
            )
        case "apart":
            body = (
                f"for n in range({count}, pipeline=False):\n    x: {dtype} = get()\n    y: {dtype} = {value}\n"
                f"    if n % 2 == 0:\n        y = y + x\n    put(y)"
            )
        case "nest":
            body = (
                f"sums: {dtype}[{count // 2}] = 0\nfor i in range(2):\n    for j in range({count // 2}{pipe}):\n"
                f"        x: {dtype} = get()\n        sums[j] += {value}\n        put(sums[j])"
            )
        case "kept":
            body = (
                f"sums: {dtype}[8] = 0\nfor i in range({count // 2}):\n    for j in range(2{pipe}):\n"
                f"        x: {dtype} = get()\n        sums[i % 8] += x\n        put(sums[i % 8])"
            )
        case "branch":
            body = (
                f"for n in range({count}{pipe}):\n    x: {dtype} = get()\n    if n % 2 == 0:\n        put({value})\n"
                f"    else:\n        put(x + 1)"
            )
        case "pairs":
            body = (
                f"for n in range({count // 2}):\n    x: {dtype} = get()\n    y: {dtype} = get()\n"
                f"    put({value} + y)\n    put(x - y)"
            )
        case "local":
            body = (
                f"for n in range({count}{pipe}):\n    s: {dtype} = 1\n    x: {dtype} = get()\n"
                f"    with sp.meta_for(3) as j:\n        s = s * x + j\n"
                f"    if n % 2 == 0:\n        s = s - {value}\n    put(s)"
            )
        case "scale":
            body = (
                f"put(7)\nfor n in range({count - 1}{pipe}):\n    x: {dtype} = get()\n    put({value})\n"
                f"last: {dtype} = get()"
            )
        case _:
            body = (
                f"buf: {dtype}[{count + 8}] = 1\nfor n in range({count}{pipe}):\n    buf[n + 7] = get()\n"
                f"    put(buf[n] + buf[n + 1] - buf[n + {gap + 1}])"
            )
    return body.replace("get()", "c[p].get()").replace("put(", "c[p + 1].put(")


def program(seed):
    """A chain of actors that compute, with its number of tokens and their type."""
    rng = random.Random(seed)
    dtype, count = rng.choice(("int32", "float32", "int8", "float64")), rng.choice((4, 8, 12))
    workers = rng.randint(1, 3)
    lines = [
        "@sp.region()",
        f"def net(A: {dtype}[{count}], Y: {dtype}[{count}]):",
        f"    c: Stream[{dtype}, {rng.choice((1, 2, 3, 40, 200))}][{workers + 1}]",
        "    @sp.kernel(args=[A])",
        f"    def source(A: {dtype}[{count}]):",
        f"        for n in range({count}{rng.choice(PIPES)}):",
        "            c[0].put(A[n])",
    ]
    for p in range(workers):
        body = worker(rng, dtype, count).replace("p + 1", str(p + 1)).replace("[p]", f"[{p}]")
        lines += ["    @sp.kernel()", f"    def worker_{p}():", *("        " + line for line in body.splitlines())]
    lines += [
        "    @sp.kernel(args=[Y])",
        f"    def sink(Y: {dtype}[{count}]):",
        f"        for n in range({count}{rng.choice(PIPES)}):",
        f"            Y[n] = c[{workers}].get()",
    ]
    return region_of("\n".join(lines) + "\n"), count, dtype


def outcome(region, count, dtype, device, engine):
    A = (np.arange(count) * 3 % 7 - 3).astype(dtype)
    Y = np.zeros(count, dtype)
    run = sp.simulate(region, A, Y, device=device, engine=engine)
    actors = {
        name: (actor.busy, actor.stalled_input, actor.stalled_output, actor.done) for name, actor in run.actors.items()
    }
    channels = {name: (c.tokens, c.high_water, c.cycles_full, c.cycles_empty) for name, c in run.channels.items()}
    return Y, (run.cycles, actors, channels)


def agree(seed, device):
    region, count, dtype = program(seed)
    wanted, _ = outcome(region, count, dtype, "ideal", "simpy")
    found, reference = outcome(region, count, dtype, device, "simpy")
    native, ours = outcome(region, count, dtype, device, "native")
    assert np.array_equal(wanted, found, equal_nan=True)
    assert np.array_equal(wanted, native, equal_nan=True)
    assert reference == ours


@pytest.mark.parametrize("device", ["xcu280@300", "kv260@100", "vck190@450"])
@pytest.mark.parametrize("seed", range(12))
def test_random_programs_compute_the_same_and_take_as_long_on_both_engines(seed, device):
    agree(seed, device)


@pytest.mark.parametrize("seed", range(12, 24))
def test_the_process_network_of_a_program_takes_as_long_as_the_program(seed):
    region, count, dtype = program(seed)
    simulator = simulator_of(region, "xcu280@300")
    run = simulator.run(np.ones(count, dtype), np.zeros(count, dtype))
    assert not difference(run, evaluated(network_of(simulator.network)))


def lanes(P, K, style):
    """A loader that puts into P lanes in each iteration, and a chain of P PEs that each take from one."""

    @sp.region()
    def net(A: int32[K, P], Y: int32[K]):
        lane: Stream[int32, 2][P]
        chain: Stream[int32, 2][P + 1]

        @sp.kernel(args=[A])
        def load(A: int32[K, P]):
            for k in range(K, pipeline=sp.Pipeline(style=style)):
                with sp.meta_for(P) as p:
                    lane[p].put(A[k, p])

        @sp.kernel()
        def zero():
            for k in range(K):
                chain[0].put(0)

        @sp.kernel(mapping=[P])
        def pe():
            p = sp.get_pid()
            for k in range(K, pipeline=sp.Pipeline(style=style)):
                chain[p + 1].put(chain[p].get() + lane[p].get())

        @sp.kernel(args=[Y])
        def sink(Y: int32[K]):
            for k in range(K):
                Y[k] = chain[P].get()

    return net


@pytest.mark.parametrize("P", [3, 4])
def test_a_rigid_loader_of_p_lanes_needs_depth_p_to_run_and_2_p_to_run_at_full_speed(P):
    """The PEs have a stage between their gets and their put; published of rigid dataflow loops."""
    A, net = np.ones((24, P), np.int32), lanes(P, 24, "rigid")

    def cycles(depth):
        Y = np.zeros(24, np.int32)
        depths = {"lane": depth}
        run = sp.simulate(net, A, Y, device="xcu280@300", depths=depths, on_deadlock="return", engine="native")
        return None if run.deadlock else run.cycles

    assert [cycles(depth) for depth in range(1, P)] == [None] * (P - 1)
    assert cycles(P) > cycles(2 * P - 1) > cycles(2 * P) == cycles(3 * P)


def test_elastic_lanes_run_at_any_depth():
    Y = np.zeros(24, np.int32)
    sp.simulate(lanes(3, 24, "elastic"), np.ones((24, 3), np.int32), Y, device="xcu280@300", depths={"lane": 1})
    assert Y.tolist() == [3] * 24


def test_what_stands_outside_of_pipelines_takes_the_sum_of_its_parts():
    """Per iteration: its control, a get, the 7 stages of a float add, a put; and a cycle to leave the loop."""

    @sp.region()
    def apart(A: float32[6], Y: float32[6]):
        before: Stream[float32, 2]
        behind: Stream[float32, 2]

        @sp.kernel(args=[A])
        def source(A: float32[6]):
            for n in range(6):
                before.put(A[n])

        @sp.kernel()
        def work():
            for n in range(6, pipeline=False):
                behind.put(before.get() + 1.0)

        @sp.kernel(args=[Y])
        def sink(Y: float32[6]):
            for n in range(6):
                Y[n] = behind.get()

    def done(engine):
        run = sp.simulate(apart, np.ones(6, np.float32), np.zeros(6, np.float32), device="xcu280@300", engine=engine)
        return run.actors["work[0]"].done

    first = 3  # the source puts in stage 2 of its first iteration, and a token is seen a cycle later
    assert done("simpy") == done("native") == first + 9 + 5 * (1 + 1 + 7 + 1) + 1
