"""Assignments to several targets do what Python does."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32

PAIR = (4, 5)


def test_all_right_sides_are_evaluated_before_the_first_target_is_assigned():
    @sp.region()
    def fibonacci(C: int32[10]):
        @sp.kernel(args=[C])
        def pe(C: int32[10]):
            a, b = 0, 1
            for k in range(10):
                C[k] = a
                a, b = b, a + b

    C = np.zeros(10, np.int32)
    assert sp.simulate(fibonacci, C).cycles == 10
    assert C.tolist() == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34]


def test_elements_are_swapped_and_later_targets_see_earlier_ones():
    @sp.region()
    def program(C: int32[4]):
        @sp.kernel(args=[C])
        def pe(C: int32[4]):
            i, j = 0, 3
            C[i], C[j] = C[j], C[i]
            i, C[i], (j, C[2]) = 1, 70, (j + 1, i)
            C[j - 1] += j

    C = np.array([1, 2, 3, 4], np.int32)
    sp.simulate(program, C)
    assert C.tolist() == [4, 70, 0, 1 + 4]


def test_a_chain_evaluates_its_value_once():
    @sp.region()
    def program(C: int32[6]):
        fifo: Stream[int32, 4]

        @sp.kernel()
        def source():
            for k in range(3):
                fifo.put(10 + k)

        @sp.kernel(args=[C])
        def pe(C: int32[6]):
            C[0] = x = C[1] = fifo.get()
            (y, z) = w = fifo.get(), fifo.get()
            C[2] = x + y + z

    with pytest.raises(sp.ProgramError, match="2 values for one name"):
        sp.simulate(program, np.zeros(6, np.int32))


def test_one_value_goes_to_all_targets_of_a_chain():
    @sp.region()
    def program(C: int32[6]):
        fifo: Stream[int32, 4]

        @sp.kernel()
        def source():
            fifo.put(10)

        @sp.kernel(args=[C])
        def pe(C: int32[6]):
            C[0] = x = C[1] = fifo.get()
            narrow: int8 = 0
            narrow = wide = C[2] = x * 30
            C[3], C[4], C[5] = x, narrow, wide

    C = np.zeros(6, np.int32)
    sp.simulate(program, C)
    assert C.tolist() == [10, 10, 300, 10, 44, 300]


def test_compile_time_values_are_taken_apart():
    @sp.region()
    def program(C: int32[4]):
        @sp.kernel(args=[C])
        def pe(C: int32[4]):
            a, b = PAIR
            c, d = PAIR
            c, d = d, c + a
            (C[0], C[1]), C[2] = PAIR, c
            C[3] = d + b

    C = np.zeros(4, np.int32)
    sp.simulate(program, C)
    assert C.tolist() == [4, 5, 5, 4 + 4 + 5]


def test_tokens_taken_together_keep_a_pipeline_at_its_interval():
    """The names are values, not memory: iterations of 3 stages overlap with an interval of 1."""

    @sp.region()
    def program(C: int32[20]):
        left: Stream[int32, 4]
        right: Stream[int32, 4]

        @sp.kernel()
        def source():
            for k in range(20):
                left.put(k)
                right.put(2 * k)

        @sp.kernel(args=[C])
        def pe(C: int32[20]):
            for k in range(20, pipeline=sp.Pipeline(latency=3)):
                x, y = left.get(), right.get()
                C[k] = x + y

    C = np.zeros(20, np.int32)
    assert sp.simulate(program, C).cycles == 20 + 3 - 1
    assert C.tolist() == [3 * k for k in range(20)]


def test_several_names_of_one_compile_time_value_are_compile_time():
    @sp.region()
    def program(C: int32[16]):
        @sp.kernel(mapping=[2], args=[C])
        def pe(C: int32[16]):
            i = sp.get_pid()
            M = N = 4
            [p, (q, r)] = pair = [i, (i + 1, 2)]
            block: int32[M, N] = q * r
            with sp.meta_if(pair[0] == 0):
                C[8] = p + 7
            for k in range(M):
                C[N * i + k] = block[k, i]

    C = np.zeros(16, np.int32)
    sp.simulate(program, C)
    assert C.tolist()[:9] == [2] * 4 + [4] * 4 + [7]
