"""Sums of integers may be split and reordered, of floats only if that is asked for."""

import pytest

import spatial as sp
from spatial import float32, int8, int16, int32, int64
from spatial.types.dtype import DType

M, N, K = 2, 3, 8


def plain(token: DType, result: DType):
    def matmul(A: token[M, K], B: token[K, N], C: result[M, N]):
        for i, j in sp.grid(M, N):
            acc: result = 0
            for k in range(K):
                acc += A[i, k] * B[k, j]
            C[i, j] = acc

    return matmul


def split(token: DType, result: DType, partial: DType):
    def halves(A: token[M, K], B: token[K, N], C: result[M, N]):
        for i, j in sp.grid(M, N):
            one: partial = 0
            two: partial = 0
            for k in range(K // 2):
                one += A[i, k] * B[k, j]
                two += A[i, k + K // 2] * B[k + K // 2, j]
            C[i, j] = one + two

    return halves


def tree(token: DType, result: DType):
    def pairs(A: token[M, K], B: token[K, N], C: result[M, N]):
        for i, j in sp.grid(M, N):
            part: result[K]
            for k in range(K):
                part[k] = A[i, k] * B[k, j]
            for k in range(4):
                part[k] += part[k + 4]
            for k in range(2):
                part[k] += part[k + 2]
            C[i, j] = part[0] + part[1]

    return pairs


@pytest.mark.parametrize(("result", "partial"), [(int32, int32), (int16, int16), (int32, int64), (int16, int32)])
def test_sums_of_integers_may_be_split(result: DType, partial: DType) -> None:
    one, other = plain(int8, result), split(int8, result, partial)
    assert not sp.verify(one, other, explain=False)
    assert sp.verify(one, other, mode="ring")
    assert sp.verify(one, tree(int8, result), mode="ring")


def test_partial_sums_that_may_wrap_are_different() -> None:
    assert not sp.verify(plain(int8, int32), split(int8, int32, int16), mode="ring", explain=False)


def test_sums_of_floats_are_split_only_if_that_is_asked_for() -> None:
    one = plain(float32, float32)
    for other in (split(float32, float32, float32), tree(float32, float32)):
        assert not sp.verify(one, other, explain=False)
        assert not sp.verify(one, other, mode="ring", explain=False)
        assert sp.verify(one, other, mode="ring", reassociate=True)


def test_products_are_distributed() -> None:
    def apart(X: int32[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i] * 3 + X[i] * X[i]

    def together(X: int32[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i] * (3 + X[i])

    def shifted(X: int32[N], Y: int32[N]):
        for i in range(N):
            Y[i] = (X[i] << 1) + X[i] * (X[i] + 1)

    assert not sp.verify(apart, together, explain=False)
    assert sp.verify(apart, together, mode="ring")
    assert sp.verify(apart, shifted, mode="ring")


def test_what_is_no_sum_or_product_is_a_function() -> None:
    def clipped(X: int8[N], Y: int32[N]):
        for i in range(N):
            Y[i] = max(X[i], 0) + X[i] + 1

    def other(X: int8[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i] + (max(X[i], 0) + 1)

    assert sp.verify(clipped, other, mode="ring")
    assert not sp.verify(clipped, other, explain=False)


def test_floats_have_exact_values_where_they_are_reassociated() -> None:
    def one(X: float32[N], Y: float32[N]):
        for i in range(N):
            Y[i] = X[i] * 0.75

    def other(X: float32[N], Y: float32[N]):
        for i in range(N):
            Y[i] = X[i] * 0.5 + 0.25 * X[i]

    assert sp.verify(one, other, mode="ring", reassociate=True)
    assert not sp.verify(one, other, mode="ring", explain=False)


def test_reassociate_is_for_the_ring() -> None:
    with pytest.raises(sp.ProgramError, match="reassociate"):
        sp.verify(plain(int8, int32), plain(int8, int32), reassociate=True)
