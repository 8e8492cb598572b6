"""Depths that a schedule leaves open are chosen by tools."""

import numpy as np
import pytest

import spatial as sp
from spatial import int16, int32
from tests.schedule.space.nests import copies, layers
from tests.schedule.space.test_dataflow import same
from tests.schedule.space.test_systolic import drawn, in_eight_lines


def open_layers(**depths):
    s = sp.customize(layers)
    s.compute_at("loop", "j")
    s.cache_write(s.H, "j")
    s.buffer_at(s.R, "i_2")
    s.dataflow()
    s.to(s.H, "relu", depth=depths.get("H"))
    s.to("R", "second", depth=depths.get("R"))
    return s


@pytest.mark.parametrize("device", ["ideal", "hls"])
def test_the_least_depths_that_lose_no_cycles_are_chosen(device):
    s = open_layers()
    chosen = sp.report(s, device=device).depths
    fewest = sp.simulate(open_layers(H=16, R=16), *arguments(), device="hls").cycles
    assert set(chosen) == {"fifo_H", "fifo_R"}
    assert sp.size_fifos(s, device=device).depths == chosen
    assert device == "ideal" or same(layers, s, build=True)[1] == fewest
    assert f"depths chosen: fifo_R {chosen['fifo_R']}, fifo_H {chosen['fifo_H']}" in str(sp.report(s, device=device))


def arguments():
    shapes = (8, 6), (6, 5), (5, 4)
    return *(np.ones(shape, np.int16) for shape in shapes), np.zeros((8, 4), np.int32)


def test_depths_that_were_given_stay():
    s = open_layers(H=7)
    run = sp.simulate(s, *arguments())
    assert run.channels["fifo_H"].depth == 7
    assert set(sp.report(s).depths) == {"fifo_R"}
    s = sp.customize(copies)
    s.dataflow()
    s.to("T", "same")
    assert set(sp.report(s).depths) == {"fifo_T"}


def test_the_channels_of_a_grid_are_chosen_too():
    s = in_eight_lines(3, 2, 8, sp.int8, int32, None)
    A, B, C = drawn((3, 8), sp.int8), drawn((8, 2), sp.int8), np.zeros((3, 2), np.int32)
    deep = sp.simulate(in_eight_lines(3, 2, 8, sp.int8, int32, 64), A, B, C).cycles
    C[:] = 0
    assert sp.simulate(s, A, B, C).cycles == deep
    np.testing.assert_array_equal(C, A.astype(np.int32) @ B)


def halved(A: int16[8], B: int16[8], n: int16):
    T: int16[8]
    for i in range(8, name="half"):
        x: int16 = A[i]
        while x > n:
            x = x // 2
        T[i] = x
    for j in range(8, name="rest"):
        B[j] = T[j]


def test_where_values_decide_the_schedule_has_to_say_it(golden):
    s = sp.customize(halved)
    s.dataflow()
    s.to("T", "rest")
    with pytest.raises(sp.ProgramError) as error:
        sp.report(s)
    golden(f"{error.value}\n", "open.txt")
