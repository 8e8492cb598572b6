"""What tests of types ask of numbers."""

import math

from spatial.types.dtype import Int, index

__all__ = ["bounds", "same"]


def same(a, b):
    """Equal bit for bit, any NaN being like another."""
    return (
        math.isnan(a) and math.isnan(b) if a != a or b != b else a == b and math.copysign(1, a) == math.copysign(1, b)
    )


def bounds(dtype):
    """The least and the greatest integer of a type."""
    signed = dtype == index or isinstance(dtype, Int)
    return (-(1 << dtype.bits - 1), (1 << dtype.bits - 1) - 1) if signed else (0, (1 << dtype.bits) - 1)
