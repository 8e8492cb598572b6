"""Loops that surely run for ever."""

import numpy as np
import pytest

import spatial as sp
from spatial import int32


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
