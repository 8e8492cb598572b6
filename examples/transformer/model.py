"""The block: its sizes, its weights, and what it computes, in NumPy.

    X1 = X + attention(layer_norm(X)) Wo
    Y = X1 + gelu(layer_norm(X1) W1) W2

What goes into a product is scaled, rounded to the nearest number, halves away from zero, and clipped to int8; the
product is exact in int32, and scaled back. All else is in float32, as `spatial.nn.reference` has it.
"""

import numpy as np

from spatial.nn import reference

__all__ = ["HEADS", "HIDDEN", "STEPS", "TOKENS", "WEIGHT_STEPS", "WIDTH", "draw", "quantized", "run", "scaled"]

TOKENS, WIDTH, HEADS, HIDDEN = 16, 64, 4, 256
STEPS = 32.0
"""An activation of 1.0 is so many in int8."""
WEIGHT_STEPS = 256.0
"""A weight of 1.0 would be so many in int8."""


def draw(seed=0):
    """Random X, scales and offsets of the two layer norms, and weights: what the block is given, in its order."""
    random = np.random.default_rng(seed)

    def weights(width, units):
        real = random.normal(size=(width, units)) / np.sqrt(width)
        return np.clip(np.rint(real * WEIGHT_STEPS), -127, 127).astype(np.int8)

    def norm():
        return [(start + random.normal(size=WIDTH) / 10).astype(np.float32) for start in (1, 0)]

    X = random.normal(size=(TOKENS, WIDTH)).astype(np.float32)
    square = [weights(WIDTH, WIDTH) for _ in range(4)]
    return X, *norm(), *square, *norm(), weights(WIDTH, HIDDEN), weights(HIDDEN, WIDTH)


def quantized(X):
    """Numbers as int8."""
    steps = X * np.float32(STEPS)
    return np.clip(np.trunc(steps + np.copysign(np.float32(0.5), steps)), -128, 127).astype(np.int8)


def scaled(S):
    """Sums of products of int8 as numbers."""
    return S.astype(np.float32) * np.float32(1 / (STEPS * WEIGHT_STEPS))


def product(X, weights):
    """X times weights, by way of int8."""
    return scaled(reference.gemm(quantized(X), weights))


def run(X, gamma1, beta1, Wq, Wk, Wv, Wo, gamma2, beta2, W1, W2):
    """The block's result, to the bit."""
    normal = reference.layer_norm(X, gamma1, beta1)
    seen = reference.attention(product(normal, Wq), product(normal, Wk), product(normal, Wv), HEADS)
    X = X + product(seen, Wo)
    hidden = reference.gelu(product(reference.layer_norm(X, gamma2, beta2), W1))
    return X + product(hidden, W2)
