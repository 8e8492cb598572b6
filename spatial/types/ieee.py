"""The floating-point operations that Python's own operators do not give as IEEE 754 or NumPy define them."""

import math

from spatial.types.dtype import Float
from spatial.types.rounding import round_to

__all__ = ["divide", "floor_divide", "maximum", "minimum", "modulo"]


def divide(a: float, b: float) -> float:
    """`a / b`; a zero divisor gives an infinity, or NaN for 0 / 0."""
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def floor_divide(dtype: Float, a: float, b: float) -> float:
    """`a // b` with every step rounded to `dtype`: NumPy's and CPython's algorithm (`npy_divmod`), bit for bit."""
    if b == 0:
        return divide(a, b)
    remainder = _remainder(a, b)
    quotient = round_to(dtype, round_to(dtype, a - remainder) / b)
    if remainder and (b < 0) != (remainder < 0):
        quotient = round_to(dtype, quotient - 1.0)
    if not math.isfinite(quotient):
        return quotient
    if quotient == 0:
        return math.copysign(0.0, round_to(dtype, a / b))
    floor = float(math.floor(quotient))
    return round_to(dtype, floor + 1.0) if quotient - floor > 0.5 else floor


def modulo(dtype: Float, a: float, b: float) -> float:
    """`a % b` with the sign of `b`, rounded once to `dtype`; NaN where `b` is zero or `a` infinite."""
    remainder = _remainder(a, b)
    if remainder == 0:
        return math.copysign(0.0, b)
    return round_to(dtype, remainder + b) if (b < 0) != (remainder < 0) else remainder


def minimum(a: float, b: float) -> float:
    """IEEE 754-2019 minimum: NaN if either is, and -0.0 lies below 0.0."""
    if math.isnan(a) or math.isnan(b):
        return math.nan
    return min(a, b) if a != b else math.copysign(a, min(math.copysign(1.0, a), math.copysign(1.0, b)))


def maximum(a: float, b: float) -> float:
    """IEEE 754-2019 maximum: NaN if either is, and 0.0 lies above -0.0."""
    return -minimum(-a, -b)


def _remainder(a: float, b: float) -> float:
    """C's `fmod`, which is exact: NaN where Python raises."""
    if b == 0 or math.isinf(a):
        return math.nan
    return math.fmod(a, b)
