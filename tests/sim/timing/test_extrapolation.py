"""Leaping over what repeats itself changes no figure."""

import random

from spatial.analysis.processes import Delay, Link, Operation, Pipeline, Process, ProcessNetwork, Repeat
from spatial.analysis.series import Series
from spatial.device.model import IDEAL
from spatial.sim.timing.engine import TimingEngine
from spatial.sim.timing.figures import figures_of
from tests.sim.timing.arrays import systolic
from tests.sim.timing.random_networks import balanced_network


def both(network, depths=None):
    """The run, whose figures are the same when it is run through."""
    found, full = TimingEngine(network).run(depths), TimingEngine(network, extrapolate=False).run(depths)
    assert figures_of(network, found) == figures_of(network, full)
    assert not full.leaps
    return found


def chain(*bodies, depth=2):
    """Processes in a row, each with its input at port 0 and its output behind it."""
    names = [f"p{n}" for n in range(len(bodies))]
    links = [
        Link(name=f"c{n}", writer=names[n], reader=names[n + 1], depth=depth, bits=32) for n in range(len(bodies) - 1)
    ]
    ends = [tuple(link.name for link in links if name in (link.reader, link.writer)) for name in names]
    processes = [Process(name=name, body=body, links=end) for name, body, end in zip(names, bodies, ends, strict=True)]
    return ProcessNetwork(name="chain", processes=tuple(processes), links=tuple(links), device=IDEAL)


def put(port=0, **more):
    return Operation(port=port, puts=True, **more)


def get(port=0, **more):
    return Operation(port=port, puts=False, **more)


def test_a_systolic_array_is_leapt_through():
    found = both(systolic(6, 500))
    assert found.cycles == 500 + 2 * 6
    assert found.skipped > 450


def test_long_runs_take_as_long_as_short_ones():
    assert TimingEngine(systolic(4, 10**9)).run().cycles == 10**9 + 8


def test_stages_in_flight_belong_to_the_state():
    produce = (Pipeline(count=3000, latency=7, ii=2, operations=(put(stage=5),)),)
    work = (Pipeline(count=3000, latency=9, ii=3, operations=(get(stage=1), put(1, stage=7))),)
    take = (Pipeline(count=3000, latency=4, ii=1, style="rigid", operations=(get(stage=2),)),)
    found = both(chain(produce, work, take))
    assert found.skipped > 8000


def test_rates_that_differ_are_leapt_through():
    every_third = (Series(first=2, strides=((3, 1000),)),)
    produce = (Pipeline(count=3000, operations=(put(),)),)
    reduce = (Pipeline(count=3000, ii=2, operations=(get(), put(1, iterations=every_third))),)
    expand = (
        Repeat(count=1000, body=(Pipeline(count=1, operations=(get(),)), Pipeline(count=7, operations=(put(1),)))),
    )
    take = (Pipeline(count=7000, operations=(get(),)),)
    found = both(chain(produce, reduce, expand, take, depth=5))
    assert found.skipped > 0.9 * found.cycles


def test_tiles_are_leapt_through_within_and_as_a_whole():
    tile = (Pipeline(count=2000, operations=(put(),)), Delay(cycles=100))
    taken = (Pipeline(count=2000, ii=2, operations=(get(),)), Pipeline(count=50, latency=5))
    found = both(chain((Repeat(count=30, body=tile),), (Repeat(count=30, body=taken),)))
    assert found.skipped > 0.99 * found.cycles
    assert max(leap.period for leap in found.leaps) > 2000


def test_phases_after_each_other_are_leapt_through_each():
    phases = tuple(Pipeline(count=1000 * n, ii=n, operations=(put(),)) for n in (1, 3, 2))
    found = both(chain(phases, (Pipeline(count=6000, operations=(get(),)),)))
    assert found.skipped > 0.98 * found.cycles
    assert len(found.leaps) == 3


def test_a_period_is_found_whichever_process_others_wait_for():
    first = Process(name="a", body=(Pipeline(count=9000, operations=(put(),)),), links=("x",))
    second = Process(name="b", body=(Pipeline(count=9000, ii=2, operations=(get(),)),), links=("x",))
    third = Process(name="c", body=(Delay(cycles=2), Pipeline(count=9000, ii=3, operations=(put(),))), links=("y",))
    fourth = Process(name="d", body=(Pipeline(count=9000, operations=(get(),)),), links=("y",), after=("a",))
    links = tuple(Link(name=n, writer=w, reader=r, depth=4, bits=8) for n, w, r in (("x", "a", "b"), ("y", "c", "d")))
    both(ProcessNetwork(name="two", processes=(first, second, third, fourth), links=links, device=IDEAL))


def test_a_deadlock_behind_a_long_loop_is_found_where_it_is():
    produce = (Pipeline(count=5000, operations=(put(),)),)
    take = (Pipeline(count=5001, ii=2, operations=(get(),)),)
    found = both(chain(produce, take))
    assert found.deadlock
    assert [(wait.process, wait.operation.puts) for wait in found.waits] == [(1, False)]


def test_random_networks_run_the_same_with_leaps_and_without():
    leaps = 0
    for seed in range(10_000, 10_150):
        network = balanced_network(seed, rounds=420)
        draw = random.Random(seed)
        leaps += bool(both(network, {link.name: draw.choice((link.depth, 0, 60)) for link in network.links}).leaps)
    assert leaps > 100
