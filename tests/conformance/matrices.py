"""Operands of matrix products, and what these are in NumPy."""

import numpy as np

__all__ = ["int8_operands", "integer_product"]


def int8_operands(random, M, N, K):
    """A of M x K and B of K x N, any int8."""
    return random.integers(-128, 128, (M, K), dtype=np.int8), random.integers(-128, 128, (K, N), dtype=np.int8)


def integer_product(size, A, B):
    """A @ B in int32."""
    return A.astype(np.int32) @ B.astype(np.int32)
