"""Fixed-point arithmetic by `fractions.Fraction`, written without looking at how the package computes it."""

import math
import random
from fractions import Fraction

from spatial.types.checks import OVERFLOWS, ROUNDINGS
from spatial.types.dtype import Fixed


def limits(dtype):
    """The least and greatest value."""
    unit = Fraction(2) ** -dtype.fraction
    if dtype.signed:
        return -unit * 2 ** (dtype.width - 1), unit * (2 ** (dtype.width - 1) - 1)
    return Fraction(0), unit * (2**dtype.width - 1)


def rounded(units, rounding):
    """A number of units as a whole number of them."""
    down, up = math.floor(units), math.ceil(units)
    if rounding == "floor":
        return down
    if rounding == "zero":
        return int(units)
    if units - down != up - units:
        return down if units - down < up - units else up
    match rounding:
        case "half_up":
            return up
        case "half_down":
            return down
        case "half_zero":
            return down if units > 0 else up
        case "half_away":
            return up if units > 0 else down
    return down if down % 2 == 0 else up


def assigned(value, dtype):
    """What a number becomes that is assigned to a `dtype`."""
    unit = Fraction(2) ** -dtype.fraction
    least, greatest = limits(dtype)
    value = rounded(value / unit, dtype.rounding) * unit
    if dtype.overflow == "symmetric" and dtype.signed:
        least = -greatest
    if least <= value <= greatest:
        return value
    match dtype.overflow:
        case "zero":
            return Fraction(0)
        case "wrap":
            span = unit * 2**dtype.width
            value %= span
            return value - span if value > greatest else value
    return least if value < least else greatest


def whole_bits(dtype):
    return dtype.width - dtype.fraction


def grown(left, right, *, by, signed):
    """The type that aligns two and has `by` bits more in front."""
    either = left.signed or right.signed
    whole = max(whole_bits(dtype) + (either and not dtype.signed) for dtype in (left, right)) + by
    fraction = max(left.fraction, right.fraction)
    return Fixed(whole + fraction, fraction, signed=signed)


def computed(operator, left, a, right, b):
    """The exact or, for `/`, truncated result with its type."""
    either = left.signed or right.signed
    match operator:
        case "+":
            return a + b, grown(left, right, by=1, signed=either)
        case "-":
            return a - b, grown(left, right, by=1, signed=True)
        case "*":
            return a * b, Fixed(left.width + right.width, left.fraction + right.fraction, signed=either)
        case "/":
            fraction = left.fraction + max(right.fraction, 0) - right.fraction
            width = left.width + max(right.fraction, 0) + right.signed
            unit = Fraction(2) ** -fraction
            return int(a / b / unit) * unit, Fixed(width, fraction, signed=either)
        case "min":
            return min(a, b), left if left == right else grown(left, right, by=0, signed=either)
        case "max":
            return max(a, b), left if left == right else grown(left, right, by=0, signed=either)
    raise AssertionError(operator)


def random_type(draw: random.Random) -> Fixed:
    width = draw.choice([1, 2, 3, 5, 8, 9, 16, 17, 24, 32, 40, 53, 54, 64, 70])
    fraction = draw.randint(-3, width + 4)
    rounding, overflow = draw.choice(ROUNDINGS), draw.choice(OVERFLOWS)
    return Fixed(width, fraction, rounding=rounding, overflow=overflow, signed=draw.random() < 0.6)


def random_value(draw: random.Random, dtype: Fixed) -> Fraction:
    least, greatest = limits(dtype)
    unit = Fraction(2) ** -dtype.fraction
    special = [least, greatest, greatest - unit, Fraction(0), unit, -unit]
    value = (
        draw.choice(special) if draw.random() < 0.3 else draw.randint(int(least / unit), int(greatest / unit)) * unit
    )
    return min(max(value, least), greatest)
