"""The network: its sizes, its weights, and what it computes, in NumPy.

A layer multiplies int8 by int8 into int32, adds a bias, scales down by a shift that rounds down, and clips to int8; all
but the last one clip at zero, which is ReLU.
"""

import itertools

import numpy as np

__all__ = ["BATCH", "LEAST", "SHIFT", "WIDTHS", "draw", "requantized", "run"]

BATCH = 16
WIDTHS = (64, 32, 32, 16)
LEAST = (0, 0, -128)
SHIFT = 6


def draw(seed=0):
    """Random samples X, and for each layer its weights and biases."""
    random = np.random.default_rng(seed)
    X = random.integers(-128, 128, (BATCH, WIDTHS[0]), dtype=np.int8)
    layers = []
    for width, units in itertools.pairwise(WIDTHS):
        layers.append(random.integers(-40, 41, (width, units), dtype=np.int8))
        layers.append(random.integers(-2000, 2001, units, dtype=np.int32))
    return X, *layers


def requantized(total, bias, least):
    """A sum with its bias as int8, not below `least`; a kernel calls this."""
    return min(max((total + bias) >> SHIFT, least), 127)


def run(X, *layers):
    """The results of the network for samples X."""
    for weights, bias, least in zip(layers[::2], layers[1::2], LEAST, strict=True):
        total = X.astype(np.int32) @ weights.astype(np.int32) + bias
        X = np.clip(total >> SHIFT, least, 127).astype(np.int8)
    return X
