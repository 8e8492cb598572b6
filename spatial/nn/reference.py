"""What the operators compute, in NumPy: the same operations, in the same order, rounded in the same places.

Results are equal to the bit. `exp` and `erfc` are taken in float64 and rounded once, as the language does; where its
float64 and that of this machine's library differ in the last place, a narrower result does so about once in 2**28.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["attention", "conv2d", "gelu", "gemm", "gemv", "layer_norm", "softmax"]

Array = npt.NDArray[Any]


def gemm(A: Array, B: Array, out: npt.DTypeLike = np.int32) -> Array:
    """`A @ B`, summed up in `out` in the order of the inner index."""
    A, B = A.astype(out), B.astype(out)
    C = np.zeros((A.shape[0], B.shape[1]), out)
    for k in range(A.shape[1]):
        C += A[:, k : k + 1] * B[k]
    return C


def gemv(A: Array, x: Array, out: npt.DTypeLike = np.int32) -> Array:
    """`A @ x`, summed up in `out` in the order of the columns."""
    return gemm(A, x[:, np.newaxis], out)[:, 0]


def conv2d(X: Array, weights: Array, out: npt.DTypeLike = np.int32) -> Array:
    """Filters applied to images, summed up in `out` in the order of channel, row and column of a filter."""
    (filters, channels, R, S), (_, H, W) = weights.shape, X.shape
    X, weights = X.astype(out), weights.astype(out)
    Y = np.zeros((filters, H - R + 1, W - S + 1), out)
    for c, r, s in np.ndindex(channels, R, S):
        Y += X[c, r : r + H - R + 1, s : s + W - S + 1] * weights[:, c, r, s, np.newaxis, np.newaxis]
    return Y


def softmax(X: Array) -> Array:
    """The softmax of each row; the sum of the powers in the order of the columns."""
    powers = np.exp((X - X.max(axis=1, keepdims=True)).astype(np.float64)).astype(X.dtype)
    shares: Array = powers / _sums(powers)
    return shares


def layer_norm(X: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Each row without its mean, over the root of its variance, times `gamma` and plus `beta`."""
    number = X.dtype.type
    part = number(1 / X.shape[1])
    apart = X - _sums(X) * part
    scale = number(1) / np.sqrt(_sums(apart * apart) * part + number(eps))
    normal: Array = apart * scale * gamma + beta
    return normal


def gelu(X: Array) -> Array:
    """`x erfc(-x / sqrt(2)) / 2` of each element."""
    exact = X.astype(np.float64)
    scaled: Array = exact * np.vectorize(math.erfc)(exact * -math.sqrt(0.5)) / 2
    return scaled.astype(X.dtype)


def attention(Q: Array, K: Array, V: Array, heads: int = 1, *, causal: bool = False) -> Array:
    """Softmax attention, each head in columns of its own."""
    rows, d = Q.shape[0], Q.shape[1] // heads
    seen = np.tri(rows, dtype=bool) if causal else np.ones((rows, rows), bool)
    parts = []
    for h in range(heads):
        q, k, v = (each[:, h * d : h * d + d] for each in (Q, K, V))
        scores = gemm(q, k.T, Q.dtype) * Q.dtype.type(1 / math.sqrt(d))
        parts.append(gemm(softmax(np.where(seen, scores, Q.dtype.type(-np.inf))), v, Q.dtype))
    return np.concatenate(parts, axis=1)


def _sums(X: Array) -> Array:
    """The sum of each row, in the order of the columns."""
    total = np.zeros((X.shape[0], 1), X.dtype)
    for j in range(X.shape[1]):
        total += X[:, j : j + 1]
    return total
