"""A step of a schedule is quick on the kernels of PolyBench."""

import time

import pytest

import spatial as sp
from spatial import float32

N, M, L = 40, 48, 56


def gemm(A: float32[N, M], B: float32[M, L], C: float32[N, L]):
    for i in range(N):
        for j in range(L):
            C[i, j] *= 0.1
        for k in sp.reduction(M):
            for j in range(L):
                C[i, j] += 0.5 * A[i, k] * B[k, j]


def jacobi(A: float32[N, N], B: float32[N, N]):
    for t in range(20):
        for i in range(1, N - 1):
            for j in range(1, N - 1):
                B[i, j] = 0.2 * (A[i, j] + A[i, j - 1] + A[i, 1 + j] + A[1 + i, j] + A[i - 1, j])
        for i in range(1, N - 1):
            for j in range(1, N - 1):
                A[i, j] = 0.2 * (B[i, j] + B[i, j - 1] + B[i, 1 + j] + B[1 + i, j] + B[i - 1, j])


def syr2k(A: float32[N, M], B: float32[N, M], C: float32[N, N]):
    for i in range(N):
        for j in range(i + 1):
            C[i, j] *= 0.1
        for k in range(M):
            for j in range(i + 1):
                C[i, j] += 0.5 * A[j, k] * B[i, k] + 0.5 * B[j, k] * A[i, k]


SCHEDULES = {
    gemm: (
        lambda s: s.distribute("i", "k"),
        lambda s: s.split("j_1", 8),
        lambda s: s.reorder("k", "i_1"),
        lambda s: s.reorder("j_1.outer", "i_1"),
        lambda s: s.unroll_and_jam("i_1", 2),
        lambda s: s.unroll("j_1.inner", 4),
        lambda s: s.pipeline("j"),
    ),
    jacobi: (
        lambda s: s.tile(["i", "j"], [2, 2]),
        lambda s: s.split("j_1", 2),
        lambda s: s.reorder("j_1.outer", "i_1"),
        lambda s: s.unroll_and_jam("i.inner", 2),
        lambda s: s.peel("t", first=1),
    ),
    syr2k: (
        lambda s: s.distribute("i", "k"),
        lambda s: s.reorder("k", "i_1"),
        lambda s: s.split("k", 4),
        lambda s: s.unroll("j", 2),
    ),
}


@pytest.mark.parametrize("program", SCHEDULES, ids=lambda program: program.__name__)
def test_a_step_takes_less_than_50_milliseconds(program):
    took = []
    for _ in range(2):
        s = sp.customize(program)
        took.append([timed(step, s) for step in SCHEDULES[program]])
    assert max(map(min, *took)) < 0.05, took


def timed(step, schedule):
    begun = time.process_time()
    step(schedule)
    return time.process_time() - begun
