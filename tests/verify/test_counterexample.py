"""A difference is told by the operation where it begins."""

import spatial as sp
from spatial import Stream, int8, int32

M, N, K = 2, 3, 5


def matmul(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    for i, j in sp.grid(M, N):
        acc: int32 = 0
        for k in range(K):
            acc += A[i, k] * B[k, j]
        C[i, j] = acc


@sp.region()
def rows(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    products: Stream[int32, 2][M]

    @sp.kernel(mapping=[M], args=[A, B])
    def multiply(A: int8[M, K], B: int8[K, N]):
        i = sp.get_pid()
        for j in range(N):
            for k in range(K):
                at = (i + 1) % M if i == 1 and j == 2 and k == 3 else i
                products[i].put(A[at, k] * B[k, j])

    @sp.kernel(mapping=[M], args=[C])
    def add(C: int32[M, N]):
        i = sp.get_pid()
        for j in range(N):
            acc: int32 = 0
            for k in range(K):
                acc += products[i].get()
            C[i, j] = acc


def test_first_operation_that_differs_is_found_behind_channels() -> None:
    verdict = sp.verify(matmul, rows)
    assert verdict.different == 1
    found = verdict.counterexample
    assert found is not None
    assert (found.array, found.indices) == ("C", (1, 2))
    assert found.first is not None
    assert found.first.expression == "A[1,3] * B[3,2]"
    assert found.first.iteration == (("i", 1), ("j", 2), ("k", 3))
    assert found.second is not None
    assert found.second.expression == "A[0,3] * B[3,2]"
    assert found.second.actor == "multiply[1]"
    assert dict(found.second.iteration) == {"j": 2, "k": 3}
    assert "products[i].put(A[at, k] * B[k, j])" in str(verdict)


def test_operation_that_only_one_program_does() -> None:
    def short(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
        for i, j in sp.grid(M, N):
            acc: int32 = 0
            for k in range(K - 1):
                acc += A[i, k] * B[k, j]
            C[i, j] = acc

    found = sp.verify(matmul, short).counterexample
    assert found is not None
    assert found.first is not None
    assert found.first.expression == "A[0,4] * B[4,0]"
    assert found.second is None


def test_missing_cast_is_told() -> None:
    def wide(X: int8[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i] + 1

    def narrow(X: int8[N], Y: int32[N]):
        for i in range(N):
            more: int8 = X[i] + 1
            Y[i] = more

    found = sp.verify(wide, narrow).counterexample
    assert found is not None
    assert found.first is None
    assert found.second is not None
    assert found.second.expression == "int8(X[0] + 1)"
