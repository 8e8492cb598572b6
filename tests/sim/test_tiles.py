"""Parameters cut over a mapping, and windows of arrays: each PE touches its part of the one array."""

import numpy as np
import pytest

import spatial as sp
from spatial import R, S, int8, int32
from spatial.region.program import compile_region


def gemm(P: int, Q: int, M: int, N: int, K: int):
    """Each PE computes a block of the product from a row block and a column block."""

    @sp.region()
    def sharded(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        @sp.kernel(mapping=[P, Q], args=[A, B, C])
        def pe(A: int8[M, K] @ [S(0), R], B: int8[K, N] @ [R, S(1)], C: int32[M, N] @ [S(0), S(1)]):
            for i, j in sp.grid(M // P, N // Q):
                total: int32 = 0
                for k in range(K):
                    total += A[i, k] * B[k, j]
                C[i, j] = total

    return sharded


@pytest.mark.parametrize(("P", "Q", "M", "N", "K"), [(1, 1, 2, 2, 3), (2, 3, 4, 6, 5), (4, 2, 4, 4, 1)])
def test_a_sharded_product_is_the_whole_product(P, Q, M, N, K):
    generator = np.random.default_rng(P)
    A, B = (generator.integers(-128, 128, shape, np.int8) for shape in ((M, K), (K, N)))
    C = np.zeros((M, N), np.int32)
    region = gemm(P, Q, M, N, K)
    run = sp.simulate(region, A, B, C)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
    assert run.cycles == (M // P) * (N // Q) * K
    assert len(compile_region(region).graph.specializations) == 1


def test_a_tile_that_several_pes_write_is_a_race():
    @sp.region()
    def clash(A: int32[4]):
        @sp.kernel(mapping=[2, 2], args=[A])
        def pe(A: int32[4] @ S(0)):
            A[1] = 1

    with pytest.raises(sp.RunError, match=r"A\[1\]"):
        sp.simulate(clash, np.zeros(4, np.int32))


def test_pes_that_share_a_tile_may_write_different_elements():
    @sp.region()
    def split(A: int32[4]):
        @sp.kernel(mapping=[2, 2], args=[A])
        def pe(A: int32[4] @ S(0)):
            i, j = sp.get_pid()
            A[j] = 10 * i + j

    A = np.zeros(4, np.int32)
    sp.simulate(split, A)
    assert A.tolist() == [0, 1, 10, 11]


@sp.region()
def windows(A: int32[4, 6], B: int32[4, 6]):
    for p in range(2):

        @sp.kernel(args=[A[2 * p : 2 * p + 2, :], B[p][1:-1]])
        def add(rows: int32[2, 6], row: int32[4]):
            for k in range(4):
                row[k] = rows[0, k + 1] + rows[1, k + 1]


def test_a_kernel_sees_a_window_as_an_array_of_its_own():
    A, B = np.arange(24, dtype=np.int32).reshape(4, 6), np.full((4, 6), -1, np.int32)
    sp.simulate(windows, A, B)
    expected = np.full((4, 6), -1, np.int32)
    expected[:2, 1:5] = (A[0::2] + A[1::2])[:, 1:5]
    assert np.array_equal(B, expected)


def test_windows_that_overlap_race_by_the_elements_of_the_whole_array():
    @sp.region()
    def overlapping(A: int32[6]):
        for p in range(2):

            @sp.kernel(args=[A[2 * p : 2 * p + 3]])
            def pe(part: int32[3]):
                for k in range(3):
                    part[k] = p

    with pytest.raises(sp.RunError, match=r"A\[2\]"):
        sp.simulate(overlapping, np.zeros(6, np.int32))


def test_a_window_can_be_cut_over_the_mapping():
    @sp.region()
    def both(A: int32[8]):
        @sp.kernel(mapping=[3], args=[A[1:7]])
        def pe(A: int32[6] @ [S(0)]):
            i = sp.get_pid()
            A[0] = i
            A[1] = -i

    A = np.full(8, 9, np.int32)
    sp.simulate(both, A)
    assert A.tolist() == [9, 0, 0, 1, -1, 2, -2, 9]


def test_slices_of_a_tile_copy_within_it():
    @sp.region()
    def halves(A: int32[4, 4], B: int32[4, 4]):
        @sp.kernel(mapping=[2, 2], args=[A, B])
        def pe(A: int32[4, 4] @ [S(0), S(1)], B: int32[4, 4] @ [S(1), S(0)]):
            B[:, :] = A
            B[0, :] = 0

    A, B = np.arange(16, dtype=np.int32).reshape(4, 4), np.zeros((4, 4), np.int32)
    sp.simulate(halves, A, B)
    expected = np.block([[A[:2, :2], A[2:, :2]], [A[:2, 2:], A[2:, 2:]]])
    expected[0::2] = 0
    assert np.array_equal(B, expected)


def test_memory_of_a_region_can_be_windowed():
    @sp.region()
    def own(B: int32[2]):
        buffer: int32[2, 3] = np.arange(6).reshape(2, 3)

        @sp.kernel(mapping=[2], args=[buffer[:, 2], B])
        def pe(column: int32[2], B: int32[2]):
            i = sp.get_pid()
            B[i] = column[i]

    B = np.zeros(2, np.int32)
    sp.simulate(own, B)
    assert B.tolist() == [2, 5]
