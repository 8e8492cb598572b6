"""A plain loop nest becomes the systolic array that one would write by hand."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int8, int32


def matmul_of(M, N, K, dtype, acc):
    def matmul(A: dtype[M, K], B: dtype[K, N], C: acc[M, N]):
        for i, j in sp.grid(M, N, name="PE"):
            row: dtype[K]
            for k in range(K):
                row[k] = A[i, k]
            column: dtype[K]
            for k in range(K):
                column[k] = B[k, j]
            for k in range(K):
                C[i, j] += row[k] * column[k]

    return matmul


def scheduled(M, N, K, dtype, acc, depth):
    s = sp.customize(matmul_of(M, N, K, dtype, acc))
    row, column = s.row, s.column
    pe = s.unfold("PE", axis=[0, 1], factor=[M, N])
    s.to(row, pe, axis=1, depth=depth)
    s.to(column, pe, axis=0, depth=depth)
    return s


def in_eight_lines(M, N, K, dtype, acc, depth, pes=None):
    def matmul(A: dtype[M, K], B: dtype[K, N], C: acc[M, N]):
        for i, j in sp.grid(M, N, name="PE"):
            for k in range(K):
                C[i, j] += A[i, k] * B[k, j]

    s = sp.customize(matmul)
    buf_A = s.buffer_at(s.A, "j")
    buf_B = s.buffer_at(s.B, "j")
    pe = s.unfold("PE", axis=[0, 1], factor=pes or [M, N])
    s.partition(s.A, dim=0)
    s.partition(s.B, dim=1)
    s.partition(s.C, dim=[0, 1])
    s.to(buf_A, pe, axis=0, depth=depth)
    s.to(buf_B, pe, axis=1, depth=depth)
    return s


def by_hand(M, N, K, dtype, acc_type, depth):
    @sp.region()
    def systolic(A: dtype[M, K], B: dtype[K, N], C: acc_type[M, N]):
        fifo_A: Stream[dtype, depth][M + 2, N + 2]
        fifo_B: Stream[dtype, depth][M + 2, N + 2]

        @sp.kernel(mapping=[M + 2, N + 2], args=[A, B, C])
        def pe(A: dtype[M, K], B: dtype[K, N], C: acc_type[M, N]):
            i, j = sp.get_pid()
            with sp.meta_if(i in {0, M + 1} and j in {0, N + 1}):
                pass
            with sp.meta_elif(j == 0):
                for k in range(K):
                    fifo_A[i, j + 1].put(A[i - 1, k])
            with sp.meta_elif(i == 0):
                for k in range(K):
                    fifo_B[i + 1, j].put(B[k, j - 1])
            with sp.meta_elif(i == M + 1):
                for k in range(K):
                    b: dtype = fifo_B[i, j].get()
            with sp.meta_elif(j == N + 1):
                for k in range(K):
                    a: dtype = fifo_A[i, j].get()
            with sp.meta_else():
                acc: acc_type = 0
                for k in range(K):
                    a: dtype = fifo_A[i, j].get()
                    b: dtype = fifo_B[i, j].get()
                    acc += a * b
                    fifo_A[i, j + 1].put(a)
                    fifo_B[i + 1, j].put(b)
                C[i - 1, j - 1] = acc

    return systolic


def drawn(shape, dtype):
    random = np.random.default_rng(seed=1)
    return random.integers(-100, 100, shape).astype(sp.numpy_dtype(dtype))


@pytest.mark.parametrize(("M", "N", "K"), [(2, 2, 5), (3, 4, 8), (4, 1, 3), (1, 1, 1)])
@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("make", [scheduled, in_eight_lines])
@pytest.mark.parametrize(("dtype", "acc"), [(int8, int32), (float32, float32)])
def test_it_computes_the_same_in_as_many_cycles_as_the_array_written_by_hand(make, M, N, K, depth, dtype, acc):
    A, B = drawn((M, K), dtype), drawn((K, N), dtype)
    for device in ("ideal", "hls"):
        found, wanted = (np.zeros((M, N), sp.numpy_dtype(acc)) for _ in range(2))
        run = sp.simulate(make(M, N, K, dtype, acc, depth), A, B, found, device=device)
        hand = sp.simulate(by_hand(M, N, K, dtype, acc, depth), A, B, wanted, device=device)
        np.testing.assert_array_equal(found, wanted)
        assert run.cycles == hand.cycles


def test_it_needs_no_buffers_and_one_function_for_all_pes(golden):
    s = in_eight_lines(2, 3, 8, int8, int32, 4)
    golden(f"{s}\n\n{s.module}\n", "systolic.txt")


def test_it_becomes_a_design():
    A, B, C = drawn((3, 8), int8), drawn((8, 2), int8), np.zeros((3, 2), np.int32)
    mod = sp.build(in_eight_lines(3, 2, 8, int8, int32, 4), target="hls")
    mod(A, B, C)
    np.testing.assert_array_equal(C, A.astype(np.int32) @ B)


@pytest.mark.parametrize("pes", [(2, 3), (4, 1), (1, 3), (2, 6)])
def test_pes_that_have_blocks_pass_on_what_each_block_uses(pes):
    A, B, C = drawn((4, 8), int8), drawn((8, 6), int8), np.zeros((4, 6), np.int32)
    s = in_eight_lines(4, 6, 8, int8, int32, 2, pes)
    run = sp.simulate(s, A, B, C)
    np.testing.assert_array_equal(C, A.astype(np.int32) @ B)
    assert sum(name.startswith("PE") for name in run.actors) == pes[0] * pes[1]
