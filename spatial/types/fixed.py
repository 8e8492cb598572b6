"""Fixed-point numbers as raw integers: rounded, brought into range, turned into other numbers."""

import math
from fractions import Fraction

from spatial.types.dtype import Fixed, float64
from spatial.types.rounding import limits, round_integer, wrap

__all__ = ["as_float", "as_number", "as_whole", "exact", "from_float", "is_double", "quantized", "rounds_into"]

TIES = {"half_up": (0, 0), "half_down": (1, 1), "half_zero": (1, 0), "half_away": (0, 1)}
"""What is taken from half a unit before it is added, for a number from 0 up and for a negative one."""


def quantized(raw: int, fraction: int, target: Fixed) -> int:
    """The raw integer of `target` for `raw` units of 2**-`fraction`: rounded, then brought into range."""
    return _ranged(_rounded(raw, fraction, target), target)


def from_float(x: float, target: Fixed) -> int:
    """The raw integer of `target` for a float, which is scaled to its units in float64.

    NaN gives 0; an infinity gives what `overflow` makes of a number too large, with "wrap" 0.
    """
    scaled = x * 2.0**target.fraction
    if not math.isfinite(scaled):
        limit = 0 if math.isnan(scaled) or target.overflow == "wrap" else 1 << target.width + 1
        return _ranged(int(math.copysign(limit, scaled)), target)
    exact_value = Fraction(scaled)
    cut = exact_value.denominator.bit_length() - 1
    return quantized(exact_value.numerator, target.fraction + cut, target)


def as_float(raw: int, source: Fixed) -> float:
    """The value, rounded once to float64."""
    return round_integer(float64, raw) * 2.0**-source.fraction


def as_whole(raw: int, source: Fixed) -> int:
    """The value without its fraction: toward zero."""
    if source.fraction <= 0:
        return raw << -source.fraction
    return raw >> source.fraction if raw >= 0 else -(-raw >> source.fraction)


def is_double(dtype: Fixed) -> bool:
    """Whether every value is a float64."""
    return dtype.width <= float64.precision and dtype.width - dtype.fraction < 1 << float64.exponent_bits - 1


def as_number(raw: int, source: Fixed) -> float | Fraction:
    """The value as Python holds it: a float where floats hold every value of the type."""
    return as_float(raw, source) if is_double(source) else raw * Fraction(2) ** -source.fraction


def exact(number: object, target: Fixed) -> int | None:
    """The raw integer of a Python number; None where `target` does not hold exactly that."""
    try:
        units = Fraction(number) * Fraction(2) ** target.fraction  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return None
    least, greatest = limits(target.width, target.signed)
    return int(units) if units.denominator == 1 and least <= units <= greatest else None


def rounds_into(number: float, target: Fixed) -> bool:
    """Whether rounding alone makes a number one of the type's values."""
    if isinstance(number, float) and not math.isfinite(number):
        return False
    value = Fraction(number)
    cut = value.denominator.bit_length() - 1
    least, greatest = limits(target.width, target.signed)
    return least <= _rounded(value.numerator, cut, target) <= greatest


def _rounded(raw: int, fraction: int, target: Fixed) -> int:
    cut = fraction - target.fraction
    return raw << -cut if cut <= 0 else raw + _bias(raw, cut, target.rounding) >> cut


def _bias(raw: int, cut: int, rounding: str) -> int:
    """What is added before `cut` bits are dropped."""
    half = 1 << cut - 1
    match rounding:
        case "floor":
            return 0
        case "zero":
            return (1 << cut) - 1 if raw < 0 else 0
        case "half_even":
            return half - 1 + (raw >> cut & 1)
    return half - TIES[rounding][raw < 0]


def _ranged(whole: int, target: Fixed) -> int:
    least, greatest = limits(target.width, target.signed)
    match target.overflow:
        case "wrap":
            return wrap(target.width, target.signed, whole)
        case "zero":
            return whole if least <= whole <= greatest else 0
        case "symmetric":
            least = -greatest if target.signed else 0
    return min(max(whole, least), greatest)
