"""What small kernels compute, run by the simulator."""

import numpy as np
import pytest

import spatial as sp
from spatial import Int, bool_, float32, int8, int32, uint32
from spatial.build.simulate import simulate

THRESHOLD = np.int64(3)


def test_compile_time_numbers_join_running_ones_in_min_and_max():
    @sp.region()
    def program(A: int8[4], C: int32[4]):
        @sp.kernel(mapping=[4], args=[A, C])
        def pe(A: int8[4], C: int32[4]):
            i = sp.get_pid()
            C[i] = min(100, A[i], THRESHOLD, 7) + 10 * max(i, -5, 1)

    A, C = np.array([-3, 5, 2, 9], dtype=np.int8), np.zeros(4, dtype=np.int32)
    simulate(program, A, C)
    assert C.tolist() == [-3 + 10, 3 + 10, 2 + 20, 3 + 30]


def test_conditions_evaluate_what_they_need():
    @sp.region()
    def program(A: int32[4], C: int32[4]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[4], C: int32[4]):
            k = 0
            while k < 4 and A[k] >= 0:
                C[k] = 1 if A[k] == 0 or 12 // A[k] > 3 else 2
                k += 1

    A, C = np.array([0, 2, 6, 5], dtype=np.int32), np.zeros(4, dtype=np.int32)
    simulate(program, A, C)
    assert C.tolist() == [1, 1, 2, 2]


def test_a_number_of_each_pe_keeps_its_kind():
    @sp.region()
    def program(B: bool_[3], C: float32[3]):
        @sp.kernel(mapping=[3], args=[B, C])
        def pe(B: bool_[3], C: float32[3]):
            i = sp.get_pid()
            B[i] = i == 1
            C[i] = i if i < 2 else 0.5

    B, C = np.zeros(3, dtype=np.bool_), np.zeros(3, dtype=np.float32)
    simulate(program, B, C)
    assert B.tolist() == [False, True, False]
    assert C.tolist() == [0.0, 1.0, 0.5]


def test_each_pe_has_its_own_row_of_a_table():
    table = np.array([[1, 2], [30, 40]], dtype=np.int32)

    @sp.region()
    def program(C: int32[2, 2]):
        @sp.kernel(mapping=[2], args=[C])
        def pe(C: int32[2, 2]):
            i = sp.get_pid()
            row = table[i]
            for k in range(2):
                C[i, k] = row[k] + table[i][1 - k]

    C = np.zeros((2, 2), dtype=np.int32)
    simulate(program, C)
    assert C.tolist() == [[3, 3], [70, 70]]


def test_a_kernel_made_in_a_loop_means_the_loop_as_it_was():
    @sp.region()
    def program(C: int32[3]):
        for n in range(3):

            @sp.kernel(args=[C])
            def pe(C: int32[3]):
                C[n] = n

    C = np.zeros(3, dtype=np.int32)
    simulate(program, C)
    assert C.tolist() == [0, 1, 2]


def test_a_closure_is_read_when_the_region_is_compiled():
    level = 1

    @sp.region()
    def program(C: int32[1]):
        @sp.kernel(args=[C])
        def pe(C: int32[1]):
            C[0] = level

    C = np.zeros(1, dtype=np.int32)
    level = 2
    simulate(program, C)
    assert C.tolist() == [2]


@pytest.mark.parametrize("amount", [-1, 0, 7, 127])
def test_shifts_of_the_widest_integers(amount):
    @sp.region()
    def program(A: int8[1], W: Int(1024)[3]):
        @sp.kernel(args=[A, W])
        def pe(A: int8[1], W: Int(1024)[3]):
            W[1] = W[0] << A[0]
            W[2] = W[0] >> W[0]

    A, W = np.array([amount], dtype=np.int8), np.array([-5, 0, 0], dtype=object)
    simulate(program, A, W)
    assert W.tolist() == [-5, -5 << amount if amount >= 0 else 0, -1]


def test_a_choice_of_two_large_literals_is_as_wide_as_they_need():
    @sp.region()
    def program(X: uint32[3], Y: uint32[3], Z: Int(40)[3]):
        @sp.kernel(args=[X, Y, Z])
        def crc(X: uint32[3], Y: uint32[3], Z: Int(40)[3]):
            for i in range(3):
                Y[i] = (X[i] >> 1) ^ (0xEDB88320 if X[i][0] else 0)
                Z[i] = -(1 << 35) if X[i][0] else 0xFFFF_FFFF

    X = np.array([1, 2, 0xFFFF_FFFF], dtype=np.uint32)
    Y, Z = np.zeros(3, dtype=np.uint32), np.zeros(3, dtype=np.int64)
    simulate(program, X, Y, Z)
    assert Y.tolist() == [0xEDB88320, 1, 0x7FFF_FFFF ^ 0xEDB88320]
    assert Z.tolist() == [-(1 << 35), 0xFFFF_FFFF, -(1 << 35)]
