"""Slices that begin at run time and always take as many elements."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32

N = 12


def ran(body, A, *rest):
    Y = np.zeros(N, np.int32)
    run = sp.simulate(body, np.asarray(A, np.int32), *rest, Y)
    return Y.tolist(), run


def test_a_slice_moves_with_a_loop_and_costs_a_cycle_for_each_element():
    @sp.region()
    def reversed_blocks(A: int32[N], Y: int32[N]):
        @sp.kernel
        def pe(A: int32[N], Y: int32[N]):
            for b in range(3):
                Y[8 - 4 * b : 12 - 4 * b] = A[4 * b : 4 * b + 4]

    Y, run = ran(reversed_blocks, range(N))
    assert Y == [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]
    assert run.cycles == N


def test_a_slice_begins_where_the_data_says():
    @sp.region()
    def gather(A: int32[N], at: int32, Y: int32[N]):
        @sp.kernel
        def pe(A: int32[N], at: int32, Y: int32[N]):
            part: int32[3] = A[at : at + 3]
            Y[0:3] = part * 2
            Y[at] = sp.sum(A[at - 1 : at - 1 + 2])

    Y, _ = ran(gather, range(N), 5)
    assert Y == [10, 12, 14, 0, 0, 9, 0, 0, 0, 0, 0, 0]


def test_slices_of_slices_and_of_several_dimensions():
    @sp.region()
    def tiles(A: int32[4, 6], Y: int32[N]):
        @sp.kernel(mapping=[2], args=[A, Y])
        def pe(A: int32[4, 6], Y: int32[N]):
            p = sp.get_pid()
            for k in range(3):
                tile: int32[2, 2] = A[2 * p : 2 * p + 2, 2 * k : 2 * k + 2]
                Y[6 * p + 2 * k : 6 * p + 2 * k + 2] = tile[1] + A[2 * p : 2 * p + 2][0, k : k + 2]

    A = np.arange(24, dtype=np.int32).reshape(4, 6)
    expected = [A[2 * p + 1, 2 * k + n] + A[2 * p, k + n] for p in range(2) for k in range(3) for n in range(2)]
    assert ran(tiles, A)[0] == expected


def test_a_slice_is_read_before_an_overlapping_one_is_written():
    @sp.region()
    def shifted(A: int32[N], Y: int32[N]):
        @sp.kernel
        def pe(A: int32[N], Y: int32[N]):
            Y[:] = A
            for k in range(1, 3):
                Y[k : k + 8] = Y[k - 1 : k + 7]

    Y = list(range(N))
    for k in range(1, 3):
        Y[k : k + 8] = Y[k - 1 : k + 7]
    assert ran(shifted, range(N))[0] == Y


def test_a_slice_can_be_a_token():
    @sp.region()
    def rows(A: int32[N], Y: int32[N]):
        link: Stream[int32[3], 2]

        @sp.kernel
        def send(A: int32[N]):
            for k in range(4):
                link.put(A[3 * k : 3 * k + 3])

        @sp.kernel
        def receive(Y: int32[N]):
            for k in range(4):
                Y[9 - 3 * k : 12 - 3 * k] = link.get()

    assert ran(rows, range(N))[0] == [9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2]


def test_a_slice_that_ends_outside_is_a_fault_of_the_run():
    @sp.region()
    def outside(A: int32[N], at: int32, Y: int32[N]):
        @sp.kernel
        def pe(A: int32[N], at: int32, Y: int32[N]):
            Y[at : at + 3] = A[0:3]

    assert ran(outside, range(N), 9)[0][9:] == [0, 1, 2]
    with pytest.raises(sp.RunError, match="index 12 is outside"):
        ran(outside, range(N), 10)
    with pytest.raises(sp.RunError, match="index -1 is outside"):
        ran(outside, range(N), -1)
