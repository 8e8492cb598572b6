"""The native engine gives the results of the reference engine, or says by name what it does not run."""

import textwrap

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int8, int32, uint8
from spatial.sim.native.compiled import compile_native
from tests.sim.networks import random_depths, random_net, source
from tests.sim.programs import actors, region_of

DEVICES = ("ideal", "hls")


def results(region: object, *arrays: np.ndarray, device: str = "ideal", **options: object) -> tuple[sp.Run, sp.Run]:
    """The runs of both engines, each on arrays of its own."""
    runs = []
    for engine in ("simpy", "native"):
        own = [array.copy() for array in arrays]
        runs.append(sp.simulate(region, *own, device=device, engine=engine, on_deadlock="return", **options))
    return runs[0], runs[1]


def assert_same(reference: sp.Run, native: sp.Run) -> None:
    """All of two runs is equal."""
    for field in ("region", "device", "cycles", "ending", "channels", "prints", "deadlock", "livelock"):
        assert getattr(native, field) == getattr(reference, field), field
    for name, actor in reference.actors.items():
        assert native.actors[name] == actor
    for field in ("arrays", "memories", "outputs"):
        ours, theirs = getattr(native, field), getattr(reference, field)
        assert list(ours) == list(theirs)
        assert all(np.array_equal(ours[name], theirs[name], equal_nan=ours[name].dtype.kind == "f") for name in ours)


def systolic(size: int, steps: int) -> object:
    text = """
    @sp.region()
    def net(A: int32[M, K], B: int32[K, M], C: int32[M, M]):
        fifo_A: Stream[int32, 2][M, M + 1]
        fifo_B: Stream[int32, 2][M + 1, M]
        @sp.kernel(mapping=[M], args=[A, B])
        def load(A: int32[M, K], B: int32[K, M]):
            i = sp.get_pid()
            for k in range(K):
                fifo_A[i, 0].put(A[i, k])
                fifo_B[0, i].put(B[k, i])
        @sp.kernel(mapping=[M])
        def drain():
            i = sp.get_pid()
            for k in range(K):
                a: int32 = fifo_A[i, M].get()
                b: int32 = fifo_B[M, i].get()
        @sp.kernel(mapping=[M, M], args=[C])
        def pe(C: int32[M, M]):
            i, j = sp.get_pid()
            acc: int32 = 0
            for k in range(K):
                a: int32 = fifo_A[i, j].get()
                b: int32 = fifo_B[i, j].get()
                acc += a * b
                fifo_A[i, j + 1].put(a)
                fifo_B[i + 1, j].put(b)
            C[i, j] = acc
    """
    return region_of(textwrap.dedent(text), M=size, K=steps)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("depth", [1, 2, 40])
def test_a_systolic_array_runs_alike(device, depth):
    random = np.random.default_rng(0)
    A, B = random.integers(-(2**31), 2**31, (2, 4, 6)).astype(np.int32)
    depths = {"fifo_A": depth, "fifo_B": depth}
    reference, native = results(
        systolic(4, 6), A, B.reshape(6, 4), np.zeros((4, 4), np.int32), device=device, depths=depths
    )
    assert_same(reference, native)
    assert native.cycles > 6


CIRCLES = {
    "in a circle": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]",
        left="a.put(1)\nx: int32 = b.get()\ny: int32 = b.get()",
        right="b.put(1)\nx: int32 = a.get()\ny: int32 = a.get()",
    ),
    "for one that has ended": actors(
        "a: Stream[int32, 2]",
        left="for k in range(3):\n    a.put(k)",
        right="for k in range(5):\n    x: int32 = a.get()",
    ),
    "for want of depth": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]",
        left="for k in range(4):\n    a.put(k)\nfor k in range(4):\n    b.put(k)",
        right="for k in range(4):\n    x: int32 = b.get()\n    y: int32 = a.get()",
    ),
    "in a branch": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 2]",
        left="for k in range(6):\n    if k % 2 == 1:\n        a.put(k)\n    b.put(k)",
        right="for k in range(6):\n    x: int32 = b.get()\nfor k in range(2):\n    y: int32 = a.get()",
    ),
}


@pytest.mark.parametrize("region", CIRCLES.values(), ids=CIRCLES)
def test_deadlocks_are_reported_alike(region):
    reference, native = results(region)
    assert reference.ending == "deadlock"
    assert_same(reference, native)


@pytest.mark.parametrize("until", [1, 2, 3, 5, 8, 9, 30])
def test_a_run_that_is_stopped_is_alike_in_every_cycle(until):
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 1]",
        left="for k in range(9):\n    a.put(k)",
        middle="for k in range(9):\n    x: int32 = a.get()\n    if x % 3 == 0:\n        b.put(x)",
        right="s: int32 = 0\nfor k in range(3):\n    s += b.get()\nfor k in range(5):\n    s += k",
    )
    assert_same(*results(region, until=until))


def test_free_running_kernels_end_alike():
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        source="for k in range(5):\n    a.put(k)",
        server="while True:\n    b.put(a.get() * 2)",
        sink="for k in range(5):\n    x: int32 = b.get()",
    )
    reference, native = results(region)
    assert reference.ending == "finished"
    assert_same(reference, native)


def test_initial_tokens_count_alike():
    region = actors(
        "a = sp.pipe(dtype=int32, depth=3, initial=[5, -7])\nb: Stream[int32, 2]",
        left="for k in range(4):\n    b.put(a.get())",
        right="for k in range(4):\n    a.put(b.get())",
    )
    assert_same(*results(region))


@sp.region()
def shares(A: int8[6], B: uint8[6], X: float32[6], R: int32[8, 6], F: float32[4, 6]):
    line: Stream[sp.Int(13), 2]
    rest: Stream[float32, 3]
    last: Stream[bool, 2]

    @sp.kernel(args=[A, B, X, R, F])
    def compute(A: int8[6], B: uint8[6], X: float32[6], R: int32[8, 6], F: float32[4, 6]):
        for k in range(6):
            R[0, k] = A[k] // 7
            R[1, k] = A[k] % 7
            R[2, k] = A[k] / 7
            R[3, k] = A[k] >> B[k]
            R[4, k] = A[k] << B[k]
            R[5, k] = max(A[k], B[k])
            R[6, k] = abs(A[k])
            R[7, k] = int32(X[k])
            F[0, k] = X[k] / A[k]
            F[1, k] = X[k] * X[k] - B[k]
            F[2, k] = sp.sqrt(X[k])
            F[3, k] = min(X[k], A[k])
            line.put(A[k])
            rest.put(X[k])
            last.put(k == 5)

    @sp.kernel()
    def take():
        end: bool = False
        count: int32 = 0
        while not end:
            x: sp.Int(13) = line.get()
            y: float32 = rest.get()
            end = last.get()
            count += x if y > 0 else 1


def test_arithmetic_is_exact():
    A, B = np.array([-128, 127, -1, 1, 5, -7], np.int8), np.array([0, 1, 7, 8, 31, 255], np.uint8)
    X = np.array([np.nan, np.inf, -1e30, 0.1, -3.99, 3e9], np.float32)
    assert_same(*results(shares, A, B, X, np.zeros((8, 6), np.int32), np.zeros((4, 6), np.float32)))


@pytest.mark.parametrize(
    "body",
    ["A[k] = A[A[k] + 2]", "A[0] = 8 / A[k]", "A[0] = 8 % A[k]"],
)
def test_faults_are_those_of_the_reference(body):
    kernel = f"    @sp.kernel(args=[A])\n    def pe(A: int32[4]):\n        for k in range(4):\n            {body}\n"
    text = f"@sp.region()\ndef net(A: int32[4]):\n{kernel}"
    found = []
    for engine in ("simpy", "native"):
        with pytest.raises(sp.RunError) as caught:
            sp.simulate(region_of(text, file="<faulty>"), np.array([1, 2, 3, 0], np.int32), engine=engine)
        assert caught.value.run.ending == "failed"
        found += caught.value.problems
    assert found[0] == found[1]


def test_two_arrays_that_actors_hand_over_are_watched_one_after_the_other_found():
    @sp.region()
    def hand_over(A: int32[4], B: int32[4], C: int32[4]):
        ready: Stream[bool, 2]

        @sp.kernel(args=[A, B])
        def writer(A: int32[4], B: int32[4]):
            A[0] = 1
            B[0] = 2
            ready.put(True)

        @sp.kernel(args=[A, B, C])
        def reader(A: int32[4], B: int32[4], C: int32[4]):
            ready.get()
            C[0] = A[0] + B[0]

    module = sp.build(hand_over, target="simulator", engine="native")
    for _ in range(2):
        A, B, C = np.zeros((3, 4), np.int32)
        module(A, B, C)
        assert C[0] == 3


def test_an_engine_that_is_not_there_is_refused():
    with pytest.raises(sp.ProgramError, match="there is no engine 'fast'"):
        sp.simulate(actors("a: Stream[int32, 2]", left="a.put(1)", right="x: int32 = a.get()"), engine="fast")


@pytest.mark.parametrize("seed", range(40))
def test_random_networks_of_pipelines_run_alike(seed):
    net = random_net(seed)
    region = region_of(source(net).replace("Int(600)", "Int(64)"))
    depths = [{}, random_depths(net, seed), dict.fromkeys(random_depths(net, seed), 40)]
    until = 3 + seed % 20
    engines = [sp.build(region, device=net.device, engine=engine) for engine in ("simpy", "native")]
    for given in depths:
        reference, native = (engine.run(depths=given, on_deadlock="return") for engine in engines)
        assert_same(reference, native)
    assert_same(*(engine.run(until=until, on_deadlock="return") for engine in engines))


def test_a_kernel_that_waits_in_many_places_is_not_optimized():
    @sp.region()
    def net(A: int32[140], B: int32[140]):
        given: Stream[int32, 1][140]

        @sp.kernel(args=[A])
        def feed(A: int32[140]):
            with sp.meta_for(140) as n:
                given[n].put(A[n])

        @sp.kernel(mapping=[140], args=[B])
        def take(B: int32[140]):
            n = sp.get_pid()
            B[n] = given[n].get() + 1

    simulator = sp.build(net, target="simulator")
    code = compile_native(simulator.network).codes
    assert {name: "optnone" in each.text for name, each in code.items()} == {"feed_0": True, "take_0": False}
    assert_same(*results(net, np.arange(140, dtype=np.int32), np.zeros(140, np.int32)))
