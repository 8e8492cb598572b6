"""Loops that surely run for ever."""

import linecache

import numpy as np
import pytest

import spatial as sp
from spatial import int32
from tests.sim.programs import region_of


def test_an_endless_loop_without_channels_is_refused():
    @sp.region()
    def program(Y: int32[1]):
        @sp.kernel()
        def pe(Y: int32[1]):
            while True:
                Y[0] += 1

    with pytest.raises(sp.ProgramError, match="this loop runs for ever"):
        sp.simulate(program, np.zeros(1, np.int32))


def test_an_endless_loop_that_is_left_runs():
    @sp.region()
    def program(Y: int32[1]):
        @sp.kernel()
        def pe(Y: int32[1]):
            while True:
                Y[0] += 1
                if Y[0] == 5:
                    break

    Y = np.zeros(1, np.int32)
    sp.simulate(program, Y)
    assert Y[0] == 5


ENDLESS = {
    "constant": "while i < 10:\n            Y[0] = i",
    "by_array": "while Y[1] < 10:\n            i += 1",
    "true": "while True:\n            i += 1",
}
ENDING = {
    "changed": "while i < 10:\n            i += 1",
    "stored": "while Y[1] < 10:\n            Y[1] = 10 + Y[0]",
    "never_entered": "while i > 10:\n            Y[0] = 1",
}


NET = """@sp.region()
def net(Y: int32[2]):
    s: Stream[int32, 2]

    @sp.kernel()
    def source():
        s.put(1)

    @sp.kernel()
    def pe(Y: int32[2]):
        i: int32 = s.get()
        {loop}
"""

CIRCLES = {
    "in_a_variable": "while i != 10:\n            i = (i + 2) % 8",
    "in_an_array": "while Y[0] != 3:\n            Y[1] = Y[0] ^ 1\n            Y[0] = Y[1]",
    "around_a_loop": "while i != 9:\n            i = (i + 2) % 8\n            for k in range(4):\n                "
    "Y[0] = i",
    "of_a_counter_that_wraps": "j: int8 = 1\n        while j != 0:\n            j += 2",
}


def program(loop: str):
    return region_of(NET.format(loop=loop), file="<endless>")


@pytest.mark.parametrize("engine", ["simpy", "native"])
@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_a_loop_that_nothing_ends_is_an_error_of_the_run(text: str, engine: str):
    with pytest.raises(sp.RunError, match="this loop never ends") as caught:
        sp.simulate(program(text), np.zeros(2, np.int32), engine=engine)
    assert caught.value.problems[0].report().primary.span.line == 12
    assert caught.value.run.ending == "failed"


@pytest.mark.parametrize("engine", ["simpy", "native"])
@pytest.mark.parametrize("text", ENDING.values(), ids=ENDING)
def test_a_loop_that_ends_or_is_not_entered_runs(text: str, engine: str):
    sp.simulate(program(text), np.zeros(2, np.int32), engine=engine)


@pytest.mark.parametrize("loop", CIRCLES.values(), ids=CIRCLES)
def test_a_loop_that_comes_back_to_where_it_was_is_noticed(loop: str):
    with pytest.raises(sp.RunError, match="everything in it comes back to what it was") as caught:
        sp.simulate(program(loop), np.zeros(2, np.int32), engine="native")
    line = caught.value.problems[0].report().primary.span.line
    assert "while" in linecache.getline("<endless>", line)
