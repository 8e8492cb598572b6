"""Brings an exact number into the range or precision of a type."""

import ctypes
import math

from spatial.types.dtype import Float, float32, float64

__all__ = ["limits", "round_integer", "round_to", "saturate", "wrap"]


def limits(width: int, signed: bool) -> tuple[int, int]:
    """The least and the greatest integer of `width` bits."""
    return (-1 << width - 1, (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)


def wrap(width: int, signed: bool, n: int) -> int:
    """The integer of `width` bits that equals `n` modulo 2**width."""
    n &= (1 << width) - 1
    return n - (1 << width) if signed and n >> width - 1 else n


def saturate(width: int, signed: bool, x: float) -> int:
    """`x` truncated toward zero, then held to the limits of `width` bits; NaN gives 0."""
    if math.isnan(x):
        return 0
    least, greatest = limits(width, signed)
    if math.isinf(x):
        return greatest if x > 0 else least
    return min(max(int(x), least), greatest)


def round_to(dtype: Float, x: float) -> float:
    """The value of `dtype` nearest to `x`, ties to even: one IEEE 754 rounding.

    Overflow gives infinity, in a type that is only finite NaN.
    """
    if dtype == float32:
        return ctypes.c_float(x).value
    if dtype.finite and math.isinf(x):
        return math.nan
    if dtype == float64 or x == 0 or not math.isfinite(x):
        return x
    return _round_significand(dtype, x)


def round_integer(dtype: Float, n: int) -> float:
    """The value of `dtype` nearest to `n`, ties to even, in one rounding however large `n` is."""
    magnitude = abs(n)
    bits = magnitude.bit_length()
    if bits > 1 + (1 << dtype.exponent_bits - 1):
        return _beyond(dtype, n)
    if dtype == float64:
        return _nearest_float64(n)
    return math.copysign(round_to(dtype, _round_to_odd(magnitude, bits)), n) if n else 0.0


def _round_significand(dtype: Float, x: float) -> float:
    """Cuts finite `x` to a multiple of the least place its exponent, or the subnormal range, allows."""
    greatest = 1 << dtype.exponent_bits - 1
    if abs(x) >= _too_large(dtype):
        return _beyond(dtype, x)
    place = max(math.frexp(x)[1] - dtype.precision, 3 - greatest - dtype.precision)
    rounded = math.ldexp(round(math.ldexp(x, -place)), place)
    return math.copysign(rounded, x) if abs(rounded) < _too_large(dtype) else _beyond(dtype, x)


def _too_large(dtype: Float) -> float:
    """The least number above the greatest of the type; in a finite one that is where its NaN stands."""
    limit = 2.0 ** (1 << dtype.exponent_bits - 1)
    return limit * (2 - 2.0 ** (1 - dtype.precision)) if dtype.finite else limit


def _beyond(dtype: Float, x: float) -> float:
    """What a number outside of the type becomes."""
    return math.nan if dtype.finite else math.inf if x > 0 else -math.inf


def _nearest_float64(n: int) -> float:
    try:
        return float(n)
    except OverflowError:
        return math.inf if n > 0 else -math.inf


def _round_to_odd(magnitude: int, bits: int) -> float:
    """The top 53 bits, the last one set if any bit is cut: rounding that again to <= 51 bits is as if done once.

    Boldo, Melquiond: "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd" (2008).
    """
    cut = max(0, bits - 53)
    kept = magnitude >> cut
    return math.ldexp(kept | (kept << cut != magnitude), cut)
