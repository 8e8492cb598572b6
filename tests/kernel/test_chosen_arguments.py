"""Functions are given channels that the run chooses."""

import numpy as np

import spatial as sp
from spatial import Stream, int32


def send(lane, value):
    lane.put(value)


def relay(lane, value):
    for _ in range(2):
        send(lane, value)


def routed(route):
    @sp.region()
    def program(A: int32[6], B: int32[3, 4]):
        net: Stream[int32, 8][2, 3]

        @sp.kernel()
        def pe(A: int32[6]):
            route(net, A)

        @sp.kernel(mapping=[3])
        def collect(B: int32[3, 4]):
            j = sp.get_pid()
            for k in range(4):
                B[j, k] = net[1, j].get()

    return program


def test_a_function_puts_into_the_channel_it_is_given():
    def route(net, A):
        for k in range(6):
            relay(net[1, A[k] % 3], A[k])

    B = np.zeros((3, 4), np.int32)
    sp.simulate(routed(route), [5, 4, 3, 2, 1, 0], B)
    assert B.tolist() == [[3, 3, 0, 0], [4, 4, 1, 1], [5, 5, 2, 2]]


def test_the_channel_is_chosen_when_the_function_is_called():
    def late(lane, A):
        A[0] = 0
        lane.put(7)
        lane.put(8)

        def again():
            lane.put(9)

        again()
        again()

    @sp.region()
    def program(A: int32[1], B: int32[4]):
        lanes: Stream[int32, 4][3]

        @sp.kernel()
        def pe(A: int32[1]):
            late(lanes[A[0]], A)

        @sp.kernel()
        def collect(B: int32[4]):
            for k in range(4):
                B[k] = lanes[2].get()

        @sp.kernel(mapping=[2])
        def idle():
            i = sp.get_pid()
            while True:
                lanes[i].get()

    B = np.zeros(4, np.int32)
    sp.simulate(program, np.array([2], np.int32), B)
    assert B.tolist() == [7, 8, 9, 9]


def test_a_function_takes_from_the_channel_it_is_given_in_each_pe_of_its_own():
    def taken(lane):
        while lane.empty():
            pass
        return lane.peek() * 10 + lane.get()

    @sp.region()
    def program(A: int32[2, 3], B: int32[2, 3]):
        net: Stream[int32, 4][2, 3]

        @sp.kernel(mapping=[2])
        def feed(A: int32[2, 3]):
            i = sp.get_pid()
            for k in sp.meta_for(3):
                net[i, k].put(A[i, k])

        @sp.kernel(mapping=[2])
        def pe(B: int32[2, 3]):
            i = sp.get_pid()
            for k in range(3):
                B[i, k] = taken(net[i, 2 - k])

    A, B = np.arange(6, dtype=np.int32).reshape(2, 3), np.zeros((2, 3), np.int32)
    sp.simulate(program, A, B)
    assert B.tolist() == [[22, 11, 0], [55, 44, 33]]


def test_two_indices_choose_among_slices_and_lists():
    def both(lane, other):
        lane.put(1)
        other.put(2)

    @sp.region()
    def program(A: int32[2], B: int32[2]):
        net: Stream[int32, 4][2, 3]
        pair: Stream[int32, 4][2]
        ends = [pair[0], pair[1]]

        @sp.kernel()
        def pe(A: int32[2]):
            both(net[:, 1:][A[0], A[1]], ends[A[0]])

        @sp.kernel(args=[B])
        def collect(B: int32[2]):
            B[0] = net[1, 1].get()
            B[1] = pair[1].get()

        @sp.kernel()
        def idle():
            while True:
                net[0, 1].get()
                net[0, 2].get()
                net[1, 2].get()
                pair[0].get()

    B = np.zeros(2, np.int32)
    sp.simulate(program, [1, 0], B)
    assert B.tolist() == [1, 2]


def test_tables_are_still_looked_up_at_run_time():
    TABLE = np.array([3, 5, 7], np.int32)

    def doubled(x):
        return 2 * x

    @sp.region()
    def program(A: int32[2], B: int32[2]):
        @sp.kernel()
        def pe(A: int32[2], B: int32[2]):
            for k in range(2):
                B[k] = doubled(TABLE[A[k]])

    B = np.zeros(2, np.int32)
    sp.simulate(program, [2, 0], B)
    assert B.tolist() == [14, 6]


def test_blocks_pass_through_channels_that_the_run_chooses():
    def give(lane, block):
        lane.put(block)

    @sp.region()
    def program(A: int32[4, 3], where: int32[4], B: int32[4, 3], C: int32[4, 3], D: int32[4]):
        lanes: Stream[int32[3], 2][3]
        back: Stream[int32[3], 2][3]

        @sp.kernel(args=[A, where])
        def route(A: int32[4, 3], where: int32[4]):
            for k in range(4):
                give(lanes[where[k]], A[k])

        @sp.kernel(mapping=[3])
        def relay():
            i = sp.get_pid()
            while True:
                token = lanes[i].get()
                for j in range(3):
                    token[j] += i
                back[i].put(token)

        @sp.kernel(args=[where, B, C, D])
        def collect(where: int32[4], B: int32[4, 3], C: int32[4, 3], D: int32[4]):
            for k in range(4):
                seen = back[where[k]].peek()
                B[k] = seen
                ok, token = back[where[k]].try_get()
                D[k] = ok
                C[k, :] = token * 10

    A, where = np.arange(12, dtype=np.int32).reshape(4, 3), np.array([2, 0, 0, 1], np.int32)
    B, C, D = np.zeros_like(A), np.zeros_like(A), np.zeros(4, np.int32)
    sp.simulate(program, A, where, B, C, D)
    assert B.tolist() == (A + where[:, None]).tolist()
    assert C.tolist() == (10 * B).tolist()
    assert D.tolist() == [1, 1, 1, 1]


def taking(read):
    @sp.region()
    def program(where: int32[2], B: int32[4]):
        lanes: Stream[int32[4], 2][2]

        @sp.kernel()
        def feed():
            block: int32[4] = 3
            lanes[0].put(block)
            lanes[1].put(block)

        @sp.kernel()
        def collect(where: int32[2], B: int32[4]):
            read(lanes, where, B)

    return program


def test_a_chosen_block_goes_into_an_array_in_one_cycle():
    def fixed(lanes, where, B):
        B[:] = lanes[0].get()
        B[:] = lanes[1].get()

    def chosen(lanes, where, B):
        B[:] = lanes[where[0]].get()
        B[:] = lanes[where[1]].get()

    def run(read):
        B = np.zeros(4, np.int32)
        cycles = sp.simulate(taking(read), [0, 1], B).cycles
        assert B.tolist() == [3] * 4
        return cycles

    assert run(chosen) == run(fixed)
