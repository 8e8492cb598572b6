"""Where channels and actors lie in the memory of a native run."""

import dataclasses
import itertools

import numpy as np
import pytest

import spatial as sp
from benchmarks.program import Case
from spatial.build.simulate import compile_simulator
from spatial.lower.llvm.layout import NEVER, ChannelField, ChannelHalf
from spatial.lower.llvm.module import generate
from spatial.sim.native.compiled import compile_native
from spatial.sim.native.engine import NativeRun
from spatial.sim.native.image import Image
from spatial.sim.native.places import LINE

CASE = Case(size=4, steps=4)


def native_run(*, timed: bool, depth: int = 2, noting: bool = False) -> NativeRun:
    """A run that has not begun; `noting` the tokens of all channels, by machine code that was made apart."""
    simulator = compile_simulator(CASE.region())
    program = compile_native(simulator.network, timed=timed)
    if noting:
        program = dataclasses.replace(program, machine=generate(program.codes, timed=timed, logging=True))
    _, _, memory = simulator.prepared(CASE.arrays(), {})
    names = [each.name for each in program.network.graph.channels]
    return NativeRun(program, dict.fromkeys(names, depth), memory, NEVER, record=frozenset(names if noting else ()))


def image(*, timed: bool, depth: int = 2) -> Image:
    return native_run(timed=timed, depth=depth).image


def lines(found: Image, begin: int, end: int) -> int:
    """The cache lines that words of the memory lie on."""
    first = found.places.words.ctypes.data // 8
    return (first + end - 1) // LINE - (first + begin) // LINE + 1


@pytest.mark.parametrize(("timed", "most"), [(True, 2), (False, 1)])
def test_a_channel_of_two_numbers_lies_on_few_cache_lines(timed: bool, most: int):
    found = image(timed=timed)
    for name, at in found.places.channels.items():
        end = at + 5 + found.ring(name).size
        assert lines(found, at - found.places.ahead_of_channel, end) == most


@pytest.mark.parametrize(("timed", "noting"), [(True, False), (True, True), (False, False)])
def test_nothing_lies_on_anything_else(timed: bool, noting: bool):
    found = native_run(timed=timed, depth=5, noting=noting).image
    ahead = found.places.ahead_of_channel
    spans = [(at - ahead, at + 5 + found.ring(name).size) for name, at in found.places.channels.items()]
    spans += [(at - found.places.ahead_of_actor, at + 6) for at in found.places.actors.values()]
    ordered = sorted(spans)
    assert all(before[1] <= behind[0] for before, behind in itertools.pairwise(ordered))
    assert ordered[0][0] >= 0
    assert ordered[-1][1] <= len(found.places.words)


def test_code_that_notes_tokens_has_room_for_that_wherever_it_was_made():
    run = native_run(timed=True, noting=True)
    names = [*run.image.places.channels]
    assert run.image.places.has(ChannelField.NOTED)
    assert [run.image.channel(name, ChannelField.NOTED) for name in names] == [*range(1, len(names) + 1)]
    assert run.advance() is None
    fifos = run.outcome().fifos
    assert all(len(fifos[name].history) == fifos[name].puts > 0 for name in names)


def test_fields_that_few_programs_have_are_zero_elsewhere():
    found = image(timed=False)
    name = next(iter(found.places.channels))
    assert found.channel(name, ChannelField.WORDS) == found.channel(name, ChannelField.LAST_PUT) == 0
    assert found.channel(name, ChannelHalf.DEPTH) == 2


def test_counts_are_those_of_the_reference_where_the_last_of_a_pair_never_comes():
    """A put that nobody takes, and a get that nobody follows with a put."""

    @sp.region()
    def cut(n: sp.int32[1]):
        kept: sp.Stream[sp.int32, 3]

        @sp.kernel(args=[n])
        def left(n: sp.int32[1]):
            for k in range(6):
                kept.put(k)

        @sp.kernel()
        def right():
            total: sp.int32 = 0
            for k in range(2):
                for again in range(5):
                    total += 1
                total += kept.get()
            for k in range(2):
                total += kept.get()

    results = [sp.simulate(cut, np.zeros(1, np.int32), engine=engine, until=until).channels["kept"]
               for until in (3, 7, 11, None) for engine in ("native", "simpy")]  # fmt: skip
    assert results[::2] == results[1::2]
