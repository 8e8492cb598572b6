"""`compute_at` and `reverse_compute_at` as a user writes them."""

import numpy as np
import pytest

import spatial as sp
from spatial import int16, int32


def blurred(A: int16[18, 20], C: int32[16, 18]):
    lines: int32[18, 18]
    for y in range(18):
        for x in range(18):
            lines[y, x] = A[y, x] + A[y, x + 1] + A[y, x + 2]
    for i in range(16):
        for j in range(18):
            C[i, j] = lines[i, j] + lines[i + 1, j] + lines[i + 2, j]


def run(program):
    A = np.random.default_rng(1).integers(-99, 99, (18, 20)).astype(np.int16)
    C = np.zeros((16, 18), np.int32)
    cycles = sp.simulate(program, A, C, device="hls").cycles
    return C, cycles


@pytest.mark.parametrize("given", ["lines", "y", "blurred:y"])
def test_a_nest_is_named_by_its_loop_or_by_the_array_that_it_alone_writes(given):
    s = sp.customize(blurred)
    s.compute_at(given, "i")
    np.testing.assert_array_equal(run(s)[0], run(blurred)[0])
    assert [loop.name for loop in s._state.loops("blurred_0")] == ["i", "y", "x", "j"]


def test_a_nest_moves_by_objects_too():
    s = sp.customize(blurred)
    s.reverse_compute_at(s["i"], s["y"])
    result, cycles = run(s)
    wanted, before = run(blurred)
    np.testing.assert_array_equal(result, wanted)
    assert cycles <= before
    s.undo()
    s.compute_at(s.lines, s["j"])
    np.testing.assert_array_equal(run(s)[0], wanted)


def test_a_moved_nest_is_lowered_as_any_other():
    s = sp.customize(blurred)
    s.reverse_compute_at("i", "y")
    A = np.random.default_rng(1).integers(-99, 99, (18, 20)).astype(np.int16)
    C = np.zeros((16, 18), np.int32)
    sp.build(s, target="hls")(A, C)
    np.testing.assert_array_equal(C, run(blurred)[0])
