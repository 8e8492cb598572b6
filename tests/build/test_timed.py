"""Runs without values take the time of runs with values."""

import re

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.build.simulate import compile_simulator
from tests.analysis.test_extraction import STATIC, named
from tests.conformance.cell import blank, calls_of, drawn
from tests.sim.networks import random_depths, random_net, source
from tests.sim.programs import region_of

FIGURES = ("region", "device", "cycles", "ending", "actors", "channels", "deadlock", "warnings", "calls")


def differences(run, timed):
    """The figures in which two runs differ, but for the local variables of actors that have not ended."""
    actors = {name: {**_fields(actor), "locals": {}} for name, actor in run.actors.items()}
    timed_actors = {name: _fields(actor) for name, actor in timed.actors.items()}
    others = [name for name in FIGURES if name != "actors" and getattr(run, name) != getattr(timed, name)]
    return others + (["actors"] if actors != timed_actors else [])


def _fields(actor):
    return {name: getattr(actor, name) for name in actor.__slots__}


@pytest.mark.parametrize("program", STATIC, ids=named)
def test_programs_take_as_long_without_values(program):
    size = program.sizes[0]
    region, arguments = program.make(*size, depth=2), (*drawn(program, size), *blank(program, size))
    simulator = compile_simulator(region)
    given = calls_of(program, arguments)[0]
    timed = simulator.time(given if simulator.has_streams else (), {}, on_deadlock="return")
    assert not differences(simulator.run(*given, on_deadlock="return"), timed)


@pytest.mark.parametrize("seed", range(40))
def test_random_networks_take_as_long_without_values_and_deadlock_alike(seed):
    net = random_net(seed)
    simulator = compile_simulator(region_of(source(net)), net.device)
    for depths in ({}, random_depths(net, seed)):
        timed = simulator.time((), {}, depths=depths, on_deadlock="return")
        assert not differences(simulator.run(depths=depths, on_deadlock="return"), timed), depths


def rows(count):
    """A program that passes on so many rows of 64 tokens."""

    @sp.region()
    def pass_on(A: int32[64], B: int32[64]):
        given: Stream[int32, 2]
        done: Stream[int32, 2]

        @sp.kernel(args=[A])
        def load(A: int32[64]):
            for _ in range(count):
                for i in range(64):
                    given.put(A[i])

        @sp.kernel()
        def add():
            for _ in range(count * 64):
                done.put(given.get() + 1)

        @sp.kernel(args=[B])
        def store(B: int32[64]):
            for _ in range(count):
                for i in range(64):
                    B[i] = done.get()

    return pass_on


def test_it_takes_no_arrays_and_no_longer_for_long_loops():
    run = sp.simulate(rows(10**9), values=False)
    assert run.cycles == 64 * 10**9 + 2
    assert run.finished
    assert not run.arrays
    assert run.channels["done"].tokens == 64 * 10**9


def test_it_says_what_was_not_run_through():
    run = sp.simulate(rows(100), values=False)
    (leap,) = run.extrapolated
    assert leap.end - leap.begin > 6000
    assert re.search(r"^extrapolated: cycles \d+ to \d+, of which each is like those before$", str(run), re.M)
    A = np.zeros(64, np.int32)
    assert not sp.simulate(rows(100), A, A.copy()).extrapolated


def test_other_depths_and_devices_are_taken():
    region = rows(10)
    assert sp.simulate(region, values=False, depths={"given": 1}).cycles == 2 * 640 + 1
    assert sp.simulate(region, values=False, depths={"given": 64}, device="hls").cycles == 643


def test_arguments_that_are_given_are_checked():
    with pytest.raises(sp.ProgramError, match="takes 2 arrays"):
        sp.simulate(rows(1), np.zeros(64, np.int32), values=False)


@pytest.mark.parametrize("option", [{"record": ["given"]}, {"until": 5}, {"timeout": 1.0}, {"calls": 2}])
def test_what_needs_values_is_refused(option):
    with pytest.raises(sp.ProgramError, match=f"`{next(iter(option))}` is for runs with values"):
        sp.simulate(rows(1), values=False, **option)


def test_kernels_that_keep_each_other_busy_for_ever_are_refused():
    @sp.region()
    def ring():
        there = sp.pipe(dtype=int32, depth=2, initial=[1])
        back: Stream[int32, 2]

        @sp.kernel()
        def left():
            while True:
                back.put(there.get())

        @sp.kernel()
        def right():
            while True:
                there.put(back.get())

    with pytest.raises(sp.ProgramError, match="so the run does not end"):
        sp.simulate(ring, values=False)


def crossing(count):
    """Two kernels that use channels in different orders: `a` must hold all of `count` tokens."""

    @sp.region()
    def program():
        a: Stream[int32, 2]
        b: Stream[int32, 2]

        @sp.kernel()
        def first():
            for i in range(count):
                a.put(i)
            for i in range(count):
                b.put(i)

        @sp.kernel()
        def second():
            for _ in range(count):
                x: int32 = b.get()
            for _ in range(count):
                x: int32 = a.get()

    return program


def test_a_deadlock_that_takes_long_is_explained_all_the_same():
    run = sp.simulate(crossing(50_000), values=False, on_deadlock="return")
    assert dict(run.deadlock.verdict.depths) == {"a": 50_000}
    assert sp.simulate(crossing(50_000), values=False, depths={"a": 50_000}).finished


def test_depths_that_fit_into_no_memory_are_refused_or_tried_as_far_as_they_matter():
    run = sp.simulate(crossing(10**9), values=False, on_deadlock="return")
    assert "too much memory" in run.deadlock.explanation()
    with pytest.raises(sp.ProgramError, match="more memory than a run may have"):
        sp.simulate(crossing(10**9), values=False, depths={"a": 10**9})
