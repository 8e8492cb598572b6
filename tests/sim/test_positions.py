"""Where the greatest and the least stand, axes that are kept, the shapes of arrays."""

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, UInt, bfloat16, float32, index, int8, int32

S, D = 4, 6


@pytest.mark.parametrize("dtype", [float32, bfloat16, int8, Fixed(8, 4), UInt(3)], ids=str)
@pytest.mark.parametrize("seed", range(2))
def test_places_are_those_of_numpy(dtype, seed):
    @sp.region()
    def top(X: dtype[S, D], Y: index[2, S], Z: index[2, D], W: int32[4]):
        @sp.kernel(args=[X, Y, Z, W])
        def work(X: dtype[S, D], Y: index[2, S], Z: index[2, D], W: int32[4]):
            Y[0] = sp.argmax(X, axis=1)
            Y[1] = np.argmin(X, axis=-1)
            Z[0] = X.argmax(axis=0)
            Z[1] = sp.argmin(-X, 0)
            W[0] = sp.argmax(X)
            W[1] = X.argmin()
            W[2] = sp.argmax(X[1])
            W[3] = X[1, sp.argmax(X[1])] == sp.max(X[1])

    draw = np.random.default_rng(seed)
    X = draw.integers(0, 8, (S, D)).astype(sp.numpy_dtype(dtype))
    if dtype == float32:
        X[1, 2] = X[1, 4] = X[3, 0] = np.nan
    Y, Z, W = np.zeros((2, S), np.int64), np.zeros((2, D), np.int64), np.zeros(4, np.int32)
    run = sp.simulate(top, X, Y, Z, W)
    V = X.astype(np.float64)
    assert Y.tolist() == [V.argmax(1).tolist(), V.argmin(1).tolist()]
    assert Z.tolist() == [V.argmax(0).tolist(), V.argmax(0).tolist() if dtype == float32 else (-V).argmin(0).tolist()]
    assert W[:3].tolist() == [V.argmax(), V.argmin(), V[1].argmax()]
    assert W[3] == (dtype != float32)
    assert run.cycles > 6 * S * D


def test_axes_that_are_kept_broadcast_against_the_array():
    @sp.region()
    def top(X: float32[S, D], Y: float32[S, D], Z: float32[2, 1, 1]):
        @sp.kernel(args=[X, Y, Z])
        def work(X: float32[S, D], Y: float32[S, D], Z: float32[2, 1, 1]):
            e = sp.exp(X - sp.max(X, axis=1, keepdims=True))
            Y[:] = e / e.sum(axis=-1, keepdims=True)
            Y[:] += X - X.mean(axis=0, keepdims=True)
            Z[0] = sp.min(X, keepdims=True)
            Z[1] = sp.sum(X, axis=(0, 1), keepdims=True)

    X = np.random.default_rng(1).normal(size=(S, D)).astype(np.float32)
    Y, Z = np.zeros_like(X), np.zeros((2, 1, 1), np.float32)
    sp.simulate(top, X, Y, Z)
    e = np.exp(X - X.max(1, keepdims=True))
    assert np.allclose(Y, e / e.sum(1, keepdims=True) + X - X.mean(0, keepdims=True), atol=1e-6)
    assert Z[0, 0, 0] == X.min()
    assert np.isclose(Z[1, 0, 0], X.sum())


def test_a_kept_axis_costs_no_cycle():
    def cycles(keeps):
        @sp.region()
        def top(X: float32[S, D], Y: float32[S]):
            @sp.kernel(args=[X, Y])
            def work(X: float32[S, D], Y: float32[S]):
                with sp.meta_if(keeps):
                    Z: float32[S, 1] = sp.sum(X, axis=1, keepdims=True)
                with sp.meta_else():
                    Z: float32[S] = sp.sum(X, axis=1)
                Y[:] = Z.reshape(S)

        return sp.simulate(top, np.zeros((S, D), np.float32), np.zeros(S, np.float32)).cycles

    assert cycles(True) == cycles(False)


def test_shapes_of_parts_and_of_values_are_known():
    @sp.region()
    def top(X: int32[S, D], Y: int32[8]):
        @sp.kernel(args=[X, Y])
        def work(X: int32[S, D], Y: int32[8]):
            row = X[1]
            Y[0] = row.shape[0]
            Y[1] = X[1:3].shape[1]
            Y[2] = (X + 1).T.shape[0]
            Y[3] = len(X[0])
            Y[4] = X[1:3].size
            Y[5] = (X @ X.T).ndim
            total: int32 = 0
            for k in range(len(row)):
                total += row[k]
            Y[6] = total
            m, n = X[0:2].shape
            Y[7] = 10 * m + n

    X = np.arange(S * D, dtype=np.int32).reshape(S, D)
    Y = np.zeros(8, np.int32)
    sp.simulate(top, X, Y)
    assert Y.tolist() == [D, D, D, D, 2 * D, 2, X[1].sum(), 26]
