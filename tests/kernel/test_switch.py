"""Channels that the run chooses by an index."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32
from tests.kernel.test_functions import A, run_of


def scatter_gather(lanes, depth=2):
    """A router to `lanes` relays and back, by destinations in the data."""

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        outs: Stream[int32, depth][lanes]
        ins: Stream[int32, depth][lanes]

        @sp.kernel(args=[A])
        def route(A: int32[8]):
            for k in range(8):
                outs[A[k] % lanes].put(A[k] * 10)

        @sp.kernel(mapping=[lanes])
        def relay():
            p = sp.get_pid()
            while True:
                ins[p].put(outs[p].get() + p)

        @sp.kernel(args=[A, C])
        def collect(A: int32[8], C: int32[8]):
            for k in range(8):
                C[k] = ins[A[k] % lanes].get()

    return region


@pytest.mark.parametrize("lanes", [1, 2, 3, 5, 8])
def test_the_data_choose_the_channel(lanes):
    data = np.array([3, 1, 4, 1, 5, 7, 2, 6], np.int32)
    assert run_of(scatter_gather(lanes), data)[0] == [10 * x + x % lanes for x in data.tolist()]


def test_choosing_takes_no_time():
    data = np.array([3, 1, 4, 1, 5, 7, 2, 6], np.int32)
    assert run_of(scatter_gather(8, depth=8), data)[1].cycles == 10


def test_the_actor_owns_every_channel_it_may_choose():

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        net: Stream[int32, 2][2, 3]

        @sp.kernel(mapping=[2], args=[A])
        def start(A: int32[8]):
            i = sp.get_pid()
            for k in range(3):
                net[i, A[k + 1] % 3].put(A[k] + 100 * i)

        @sp.kernel(mapping=[2, 3], args=[C])
        def end(C: int32[8]):
            i, j = sp.get_pid()
            C[i * 3 + j] = net[i, j].get()

    values, run = run_of(region, A)
    assert values[:6] == [2, 0, 1, 102, 100, 101]
    assert run.cycles == 4


def test_both_indices_may_run():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        net: Stream[int32, 2][2, 3]

        @sp.kernel(args=[A])
        def start(A: int32[8]):
            for k in range(6):
                net[A[k] // 3, A[k] % 3].put(A[k])

        @sp.kernel(args=[C])
        def end(C: int32[8]):
            for k in range(6):
                C[k] = net[k // 3, k % 3].get()

    assert run_of(region, A)[0][:6] == [0, 1, 2, 3, 4, 5]


def test_streams_of_a_list_and_of_a_function_are_chosen():
    def send(targets, place, value):
        targets[place].put(value)

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        first: Stream[int32, 2]
        second: Stream[int32, 2]
        both = [first, second]

        @sp.kernel(args=[A])
        def start(A: int32[8]):
            for k in range(4):
                send(both, A[k] % 2, A[k])

        @sp.kernel(args=[C])
        def end(C: int32[8]):
            for k in range(2):
                C[2 * k] = first.get()
                C[2 * k + 1] = second.get()

    assert run_of(region, A)[0][:4] == [0, 1, 2, 3]


@pytest.mark.parametrize("index", [-1, 4, 100])
def test_an_index_outside_ends_the_run(index):
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        outs: Stream[int8, 2][4]

        @sp.kernel(args=[A])
        def start(A: int32[8]):
            outs[A[0]].put(1)

        @sp.kernel(mapping=[4])
        def end():
            p = sp.get_pid()
            while True:
                x = outs[p].get()

    with pytest.raises(sp.RunError, match=f"index {index} is outside of `outs`, which has 4 channels") as raised:
        run_of(region, [index] * 8)
    assert "outs[A[0]].put(1)" in str(raised.value)
