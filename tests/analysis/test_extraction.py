"""Programs whose control is static become process networks that take the time the programs take."""

import textwrap

import numpy as np
import pytest

import spatial as sp
from spatial.analysis.extraction import processes_of
from spatial.analysis.processes import Delay, NotStatic, Pipeline, ProcessNetwork, Repeat
from spatial.analysis.series import Series
from tests.analysis.against_runs import difference, network_of, simulator_of
from tests.analysis.evaluator import evaluated
from tests.analysis.random_control import control_source
from tests.conformance.cell import blank, calls_of, drawn
from tests.conformance.registry import PROGRAMS
from tests.sim.networks import random_depths, random_net, source
from tests.sim.programs import region_of

DYNAMIC = {
    "game_of_life": "how often this repeats depends on `generations`, which the run is given",
    "jacobi": "how often this repeats depends on `steps`, which the run is given",
    "mandelbrot": "how often this repeats, only its values tell",
    "merge_sort": "whether this happens depends on `lefts`",
    "packets": "whether this happens depends on a token",
    "polling": "how often this repeats, only its values tell",
    "router": "how often this repeats, only its values tell",
    "sieve": "how often this repeats depends on `limit`, which the run is given",
    "sliding_maximum": "`peek` leaves the token where it is",
    "spmv": "how often this repeats depends on a token",
}
FPGA = sp.fpga("xcu280", mhz=300)
STATIC = [program for program in PROGRAMS if program.name not in DYNAMIC]


def named(value):
    return value.name


def found(network):
    return processes_of(network.graph, network.module, network.timings, network.device)


def ran(program, size, depth, device):
    """A run of a program, and the network that was run."""
    simulator = simulator_of(program.make(*size, depth=depth), device)
    arguments = calls_of(program, (*drawn(program, size), *blank(program, size)))[0]
    run = simulator.run(*arguments, on_deadlock="return")
    return run, [simulator.network, *simulator.closed.values()][-1]


@pytest.mark.parametrize("device", ["ideal", "hls", FPGA], ids=["ideal", "hls", "fpga"])
@pytest.mark.parametrize("program", STATIC, ids=named)
def test_a_static_program_takes_the_time_of_its_process_network(program, device):
    size = program.sizes[0 if device is FPGA else 1]
    for depth in program.depths_of(size)[: 1 if device is FPGA else None]:
        run, network = ran(program, size, depth, device)
        assert not difference(run, evaluated(network_of(network))), f"with depth {depth}"


@pytest.mark.parametrize("program", [program for program in PROGRAMS if program.name in DYNAMIC], ids=named)
def test_a_program_that_values_control_is_none_and_says_why(program):
    _, network = ran(program, program.sizes[0], 2, "ideal")
    reason = found(network)
    assert isinstance(reason, NotStatic)
    assert reason.why == DYNAMIC[program.name]


@pytest.mark.parametrize("seed", range(60))
def test_random_networks_of_pipelines_take_the_time_of_their_process_networks(seed):
    net = random_net(seed)
    simulator = simulator_of(region_of(source(net)), net.device)
    for depths in ({}, random_depths(net, seed), dict.fromkeys(random_depths(net, seed), 40)):
        run = simulator.run(depths=depths, on_deadlock="return")
        assert not difference(run, evaluated(network_of(simulator.network, depths))), depths


@pytest.mark.parametrize("seed", range(60))
def test_random_control_takes_the_time_of_its_process_network(seed):
    simulator = simulator_of(region_of(control_source(seed)), ("ideal", "hls")[seed % 2])
    for depths in ({}, {name: 1 + (seed + n) % 4 for n, name in enumerate(simulator.network.graph.channel)}):
        run = simulator.run(depths=depths, on_deadlock="return")
        assert not difference(run, evaluated(network_of(simulator.network, depths))), depths


def found_in(text, *lines):
    """The network of a region with these lines in the kernel `pe`."""
    simulator = simulator_of(region_of(textwrap.dedent(text).format(lines="\n        ".join(lines))))
    return found(simulator.network)


ONE = """
@sp.region()
def net(A: int32[8], n: int32):
    fifo: Stream[int32, 2]
    @sp.kernel(args=[A, n])
    def pe(A: int32[8], n: int32):
        {lines}
    @sp.kernel()
    def sink():
        while True:
            fifo.get()
"""


def steps(*lines, text=ONE):
    network = found_in(text, *lines)
    assert isinstance(network, ProcessNetwork), f"{network.why} at {network.span}"
    return network.processes[0].body


def refused(*lines, text=ONE):
    reason = found_in(text, *lines)
    assert isinstance(reason, NotStatic)
    return reason


def shape(body):
    """Steps without places: pipelines as counts with the iterations of their operations."""
    told = []
    for step in body:
        match step:
            case Pipeline(count=count, operations=operations):
                told.append((count, *(operation.iterations for operation in operations)))
            case Delay(cycles=cycles):
                told.append(cycles)
            case Repeat(count=count, body=inner):
                told.append([count, *shape(inner)])
    return told


def test_a_perfect_nest_is_one_pipeline():
    assert shape(steps("for i in range(3):", "    for j in range(5):", "        fifo.put(j)")) == [(15, None)]


def test_loops_around_pipelines_are_repeated():
    lines = ("for i in range(1000000):", "    fifo.put(i)", "    for j in range(5):", "        fifo.put(j)")
    assert shape(steps(*lines)) == [[1000000, (1, None), (5, None)]]


def test_a_condition_in_a_pipeline_tells_the_iterations():
    lines = (
        "for i in range(4):",
        "    for j in range(1000000):",
        "        if j % 100 == 7:",
        "            fifo.put(j)",
    )
    (found,) = shape(steps(*lines))
    assert found == (4000000, (Series(first=7, strides=((100, 40000),)),))


def test_two_conditions_that_exclude_each_other_are_two_operations():
    lines = ("for j in range(10):", "    if j < 4:", "        fifo.put(1)", "    else:", "        fifo.put(2)")
    (found,) = shape(steps(*lines))
    assert found == (10, (Series(first=0, strides=((1, 4),)),), (Series(first=4, strides=((1, 6),)),))


def test_a_condition_outside_of_pipelines_splits_the_loop():
    lines = ("for i in range(1000000, pipeline=False):", "    if i == 3:", "        fifo.put(i)")
    assert shape(steps(*lines)) == [3, (1, None), 999996]


def test_what_alternates_is_repeated():
    lines = (
        "for i in range(1000001):",
        "    for j in range(i % 2 + 3):",
        "        fifo.put(i)",
    )
    assert shape(steps(*lines)) == [[500000, (3, None), (4, None)], (3, None)]


def test_a_triangle_is_unrolled():
    lines = ("for i in range(4):", "    for j in range(i, 4):", "        fifo.put(j)")
    assert shape(steps(*lines)) == [(4, None), (3, None), (2, None), (1, None)]


def test_a_local_that_follows_from_constants_is_followed():
    lines = ("m: int32 = 3", "m = m * 2", "for i in range(m):", "    fifo.put(i)")
    assert shape(steps(*lines)) == [(6, None)]


def test_branches_that_do_the_same_need_no_decision():
    lines = ("for i in range(8):", "    if A[i] > 0:", "        fifo.put(1)", "    else:", "        fifo.put(2)")
    assert shape(steps(*lines)) == [(8, None)]


def test_what_no_channel_sees_needs_no_decision():
    lines = ("for i in range(8):", "    if A[i] > 0:", "        A[i] = 1", "    fifo.put(A[i])")
    assert shape(steps(*lines)) == [(8, None)]


def test_nothing_comes_behind_a_loop_that_never_ends():
    assert shape(steps("while True:", "    fifo.put(1)")) == [[None, (1, None)]]


@pytest.mark.parametrize(
    ("lines", "why", "line"),
    [
        (
            ("for i in range(8):", "    if A[i] > 0:", "        fifo.put(1)"),
            "whether this happens depends on `A`, which the run is given",
            6,
        ),
        (("for i in range(n):", "    fifo.put(1)"), "how often this repeats depends on `n`, which the run is given", 5),
        (
            ("m: int32 = 0", "for i in range(8):", "    m += A[i]", "for i in range(m):", "    fifo.put(1)"),
            "how often this repeats depends on `m`",
            8,
        ),
        (("if fifo.try_put(1):", "    pass"), "`try_put` asks the clock", 5),
        (
            ("i: int32 = 0", "while i < 8:", "    fifo.put(1)", "    i += 1"),
            "how often this repeats, only its values tell",
            6,
        ),
        (
            ("for i in range(10000000):", "    if (i * i) % 7919 == 1:", "        fifo.put(1)"),
            "this differs between iterations without a pattern",
            5,
        ),
        (
            ("for i in range(10000):", "    fifo.put(1)", "    for j in range(i):", "        fifo.put(1)"),
            "this differs between iterations without a pattern",
            5,
        ),
    ],
)
def test_what_a_run_decides_is_told_with_its_place(lines, why, line):
    reason = refused(*lines)
    assert (reason.actor, reason.why) == ("pe[0]", why)
    assert reason.span.line == line + 2


def test_a_scalar_that_is_known_decides_how_often():
    simulator = simulator_of(region_of(ONE.format(lines="for i in range(n):\n            fifo.put(i)")))
    network = simulator.network
    known = processes_of(network.graph, network.module, network.timings, network.device, {"n": 5})
    assert shape(known.processes[0].body) == [(5, None)]
    run = simulator.run(np.zeros(8, np.int32), 5)
    assert not difference(run, evaluated(known))


MANY = """
@sp.region()
def net():
    fifo: Stream[int32, 2][64]
    @sp.kernel(mapping=[64])
    def pe():
        i = sp.get_pid()
        for k in range(1000000000):
            if k % (i // 32 + 1) == 0:
                fifo[i].put(k)
    @sp.kernel(mapping=[64])
    def sink():
        i = sp.get_pid()
        while True:
            fifo[i].get()
"""


def test_actors_that_do_the_same_share_their_bodies():
    found = found_in(MANY)
    assert len({id(process.body) for process in found.processes if process.name.startswith("sink")}) == 1
    assert shape(found.processes[0].body) == [(1000000000, None)]
    assert shape(found.processes[63].body) == [(1000000000, (Series(first=0, strides=((2, 500000000),)),))]
    assert len({process.body for process in found.processes}) == 3


def test_links_are_the_channels_with_their_tokens():
    text = """
    @sp.region()
    def net():
        ring = sp.pipe(dtype=int32, depth=4, initial=[1, 2])
        @sp.kernel()
        def pe():
            for k in range(8):
                ring.put(ring.get())
    """
    (link,) = found_in(text).links
    assert (link.name, link.writer, link.reader, link.depth, link.bits, link.initial) == (
        "ring",
        "pe[0]",
        "pe[0]",
        4,
        32,
        2,
    )
