"""Slices of arrays of channels are arrays of channels."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.stream.errors import ChannelIndexError


def net():
    return sp.array(sp.pipe(dtype=int32), shape=(3, 4))


def test_slices_have_shapes_and_are_indexed_again():
    fifo = net()
    name = fifo.name
    assert fifo[1, :].shape == (4,)
    assert fifo[1:].shape == (2, 4)
    assert fifo[1:, 2].shape == (2,)
    assert fifo[:, ::-2].shape == (3, 2)
    assert str(fifo[1:][1, 3]) == f"{name}[2,3]"
    assert str(fifo[1:, 2][0]) == f"{name}[1,2]"
    assert str(fifo[:, ::-2][0, 1]) == f"{name}[0,1]"
    assert str(fifo[1:, 1:3]) == f"{name}[1:3, 1:3]"
    assert str(fifo[1, :][1:3]) == f"{name}[1, 1:3]"
    assert [str(each) for each in fifo[2, 1:3]] == [f"{name}[2,1]", f"{name}[2,2]"]
    assert [each.shape for each in fifo[1:]] == [(4,), (4,)]
    assert len(fifo[:, 0]) == 3
    assert fifo[0, :-1].shape == (3,)
    assert fifo[0, 1] == fifo[:, 1][0]


@pytest.mark.parametrize("taken", [np.s_[3:], np.s_[0, 2:2], np.s_[0, 0:5], np.s_[3, :], np.s_[:, :, 0], np.s_[0.5:]])
def test_slices_lie_within_the_array(taken):
    with pytest.raises(ChannelIndexError, match="names no channel"):
        net()[taken]


@sp.kernel()
def spread(A: int32[3], row: Stream[int32][3]):
    for k in sp.meta_for(row.shape[0]):
        row[k].put(A[k])


@sp.region()
def increased(row: Stream[int32][3], out: Stream[int32][3], by: int):
    last = row[1:]

    @sp.kernel(mapping=[3])
    def add():
        j = sp.get_pid()
        with sp.meta_if(j == 0):
            out[j].put(row[0].get() + by)
        with sp.meta_else():
            out[j].put(last[j - 1].get() + by)


def summed(column):
    total: int32 = 0
    for k in sp.meta_for(len(column)):
        total += column[k].get()
    return total


def test_slices_are_given_to_kernels_regions_and_functions():
    @sp.region()
    def program(A: int32[3], B: int32[3]):
        first: Stream[int32][2, 3]
        second: Stream[int32][2, 3]
        for i in range(2):
            spread(A, first[i, :])
            increased(first[i, :], second[i, :], 10 * i)

        @sp.kernel(mapping=[3])
        def add(B: int32[3]):
            j = sp.get_pid()
            B[j] = summed(second[:, j])

    B = np.zeros(3, np.int32)
    sp.simulate(program, [1, 2, 3], B)
    assert B.tolist() == [12, 14, 16]


def test_slices_are_given_to_what_moves_tokens():
    @sp.region()
    def program(A: int32[2, 3], B: int32[2, 3], C: int32[6]):
        net: Stream[int32, 2][2, 4]
        blocks = sp.gather(net[0, :3])
        left, right = sp.fork(blocks)
        merged = sp.merge(net[1, 1:3], net[1, 3])

        @sp.kernel(args=[A])
        def feed(A: int32[2, 3]):
            for k in range(2):
                sp.scatter(net[0, 0:3], A[k])
            sp.scatter(net[1:, 1:], A[0:1])
            sp.scatter(net[1, 1:], A[1])

        @sp.kernel()
        def collect(B: int32[2, 3], C: int32[6]):
            for k in range(2):
                B[k] = left.get()
            for k in range(2):
                right.get()
            for k in range(6):
                C[k] = merged.get()

    A = np.arange(6, dtype=np.int32).reshape(2, 3)
    B, C = np.zeros((2, 3), np.int32), np.zeros(6, np.int32)
    sp.simulate(program, A, B, C)
    assert B.tolist() == A.tolist()
    assert sorted(C.tolist()) == [0, 1, 2, 3, 4, 5]


def test_the_run_chooses_from_slices():
    def send(row, where, value):
        row[where].put(value)

    @sp.region()
    def program(A: int32[6], B: int32[6]):
        net: Stream[int32, 8][2, 4]

        @sp.kernel()
        def route(A: int32[6]):
            for k in range(6):
                send(net[1, 1:], A[k] % 3, A[k])

        @sp.kernel()
        def collect(B: int32[6]):
            for k in range(6):
                _, B[k] = sp.select(net[1, :][1:])

    B = np.zeros(6, np.int32)
    sp.simulate(program, [5, 4, 3, 2, 1, 0], B)
    assert B.tolist() == [5, 4, 3, 2, 1, 0]


def test_a_meta_loop_runs_over_a_slice():
    @sp.region()
    def program(B: int32[2]):
        net: Stream[int32, 2][4]

        @sp.kernel()
        def feed():
            for each in sp.meta_for(net[1:3]):
                each.put(7)

        @sp.kernel(mapping=[2])
        def collect(B: int32[2]):
            i = sp.get_pid()
            B[i] = net[1 + i].get()

    B = np.zeros(2, np.int32)
    sp.simulate(program, B)
    assert B.tolist() == [7, 7]
