"""Programs that compute the same in the same order are equal, all others are told apart."""

import itertools

import pytest

import spatial as sp
from spatial import Stream, float32, int8, int16, int32
from spatial.types.dtype import DType
from spatial.verify.kinds import Kind

M, N, K = 2, 3, 5


def array_of(token: DType, result: DType) -> sp.region:
    """An output-stationary array with a ring of PEs that feed and drain it."""

    @sp.region()
    def systolic(A: token[M, K], B: token[K, N], C: result[M, N]):
        right: Stream[token, 4][M + 2, N + 2]
        down: Stream[token, 4][M + 2, N + 2]

        @sp.kernel(mapping=[M + 2, N + 2], args=[A, B, C])
        def pe(A: token[M, K], B: token[K, N], C: result[M, N]):
            i, j = sp.get_pid()
            with sp.meta_if(i in {0, M + 1} and j in {0, N + 1}):
                pass
            with sp.meta_elif(j == 0):
                for k in range(K):
                    right[i, j + 1].put(A[i - 1, k])
            with sp.meta_elif(i == 0):
                for k in range(K):
                    down[i + 1, j].put(B[k, j - 1])
            with sp.meta_elif(i == M + 1):
                for k in range(K):
                    b: token = down[i, j].get()
            with sp.meta_elif(j == N + 1):
                for k in range(K):
                    a: token = right[i, j].get()
            with sp.meta_else():
                acc: result = 0
                for k in range(K):
                    a: token = right[i, j].get()
                    b: token = down[i, j].get()
                    acc += a * b
                    right[i, j + 1].put(a)
                    down[i + 1, j].put(b)
                C[i - 1, j - 1] = acc

    return systolic


def loops_of(token: DType, result: DType, order: str = "up"):
    """The plain loop nest; it may add the products in another order."""

    def matmul(A: token[M, K], B: token[K, N], C: result[M, N]):
        for i, j in sp.grid(M, N):
            acc: result = 0
            for k in range(K):
                acc += A[i, k] * B[k, j]
            C[i, j] = acc

    def backwards(A: token[M, K], B: token[K, N], C: result[M, N]):
        for i, j in sp.grid(M, N):
            acc: result = 0
            for k in range(K):
                acc += A[i, K - 1 - k] * B[K - 1 - k, j]
            C[i, j] = acc

    return matmul if order == "up" else backwards


def accumulating(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    for i, j in sp.grid(M, N):
        for k in range(K):
            C[i, j] += A[i, k] * B[k, j]


@pytest.mark.parametrize(("token", "result"), [(int8, int32), (float32, float32), (int8, int16)])
def test_systolic_array_equals_its_loop_nest(token: DType, result: DType) -> None:
    verdict = sp.verify(array_of(token, result), loops_of(token, result))
    assert verdict
    assert verdict.kind is Kind.EQUAL
    assert verdict.cells == M * N


def test_another_order_of_a_sum_is_different() -> None:
    verdict = sp.verify(array_of(float32, float32), loops_of(float32, float32, "down"), explain=False)
    assert not verdict
    assert verdict.different == M * N
    assert verdict.differing == {"C": M * N}


def test_what_an_array_begins_with_matters_unless_it_is_given() -> None:
    plain = loops_of(int8, int32)
    assert not sp.verify(accumulating, plain, explain=False)
    assert sp.verify(accumulating, plain, inputs={"C": 0})


def test_parameters_of_other_types_are_another_interface() -> None:
    assert sp.verify(loops_of(int8, int32), loops_of(int8, int16)).kind is Kind.INTERFACE


def test_seed_replays_a_verdict() -> None:
    plain = loops_of(int8, int32)
    verdict = sp.verify(accumulating, plain)
    assert sp.verify(accumulating, plain, seed=verdict.seed) == verdict


def test_steps_of_a_schedule_are_compared_one_by_one() -> None:
    schedule = sp.customize(accumulating)
    schedule.split("k", 5)
    schedule.reorder("j", "i")
    before, after = schedule.history
    assert sp.verify(before, after)
    assert sp.verify(accumulating, schedule)


def test_systolic_array_made_by_a_schedule_equals_its_function_after_each_step() -> None:
    def matmul(A: int8[M, K], B: int8[K, N], C: int16[M, N]):
        for i, j in sp.grid(M, N, name="PE"):
            for k in range(K):
                C[i, j] += A[i, k] * B[k, j]

    schedule = sp.customize(matmul)
    rows, columns = schedule.buffer_at(schedule.A, "j"), schedule.buffer_at(schedule.B, "j")
    grid = schedule.unfold("PE", axis=[0, 1], factor=[M, N])
    schedule.to(rows, grid, axis=0, depth=M + 1)
    schedule.to(columns, grid, axis=1, depth=N + 1)
    steps = [matmul, *schedule.history]
    for before, after in itertools.pairwise(steps):
        assert sp.verify(before, after)
