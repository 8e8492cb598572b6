"""The elementary functions in float64, as algorithms of plain arithmetic."""

from typing import TypeVar

from spatial.types.terms import Term

__all__ = ["exp", "exponential", "log", "rsqrt", "scaled", "sigmoid", "tanh"]

T = TypeVar("T", bound=Term)

# Coefficients and reductions of `exp` and `log` as published with fdlibm: "Copyright (C) 1993-2004 by Sun Microsystems,
# Inc. All rights reserved. Permission to use, copy, modify, and distribute this software is freely granted, provided
# that this notice is preserved." Those of `tanh` are from Cephes (Moshier, "Methods and Programs for Mathematical
# Functions", 1989).
LN2_HIGH, LN2_LOW, PER_LN2 = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 1.44269504088896338700e00
EXP = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
TANH_P = (-1.61468768441708447952e3, -9.92877231001918586564e1, -9.64399179425052238628e-1)
TANH_Q = (4.84406305325125486048e3, 2.23548839060100448583e3, 1.12811678491632931402e2, 1.0)

ROOT_HALF_BITS = 0x3FE6A09E << 32  # slightly below the square root of 1/2
FRACTION = 52  # bits of a float64's fraction
BIAS = 1023
FURTHEST = 800.0  # exp overflows, or vanishes, well before


def exp(x: T) -> T:
    """e to the power of x."""
    return scaled(*exponential(x, x.constant(0.0, x.kind)))


def exponential(high: T, low: T) -> tuple[T, T]:
    """m and k with e**(high + low) = m * 2**k and m near 1; `low` is what `high` lacks, at most 1.

    The argument less k * ln 2 is at most ln(2)/2; there e**r = 1 + 2r / (R(r) - r), R from a polynomial in r**2.
    """
    bounded = (high > FURTHEST).choose(FURTHEST, (high < -FURTHEST).choose(-FURTHEST, high))
    quotient = (bounded + low) * PER_LN2
    k = (quotient + (quotient < 0.0).choose(-0.5, 0.5)).truncated()
    n = k.real()
    above = bounded - n * LN2_HIGH
    below = n * LN2_LOW - low
    r = above - below
    square = r * r
    c = r - square * polynomial(square, EXP)
    return 1.0 - ((below - (r * c) / (2.0 - c)) - above), k


def scaled(m: T, k: T) -> T:
    """m * 2**k, rounded once where that is subnormal."""
    half = k >> 1
    return m * _power_of_two(half) * _power_of_two(k - half)


def log(x: T) -> T:
    """The natural logarithm; -inf of zero, NaN of what is negative.

    x = 2**k * (1 + f) with 1 + f between the roots of 1/2 and 2; log(1 + f) from a polynomial in (f / (2 + f))**2.
    """
    subnormal = x < 2.0**-1022
    normal = subnormal.choose(x * 2.0**54, x)
    bits = normal.bits()
    k = (bits - ROOT_HALF_BITS) >> FRACTION
    f = (bits - (k << FRACTION)).from_bits() - 1.0
    n = k.real() - subnormal.choose(54.0, 0.0)
    half_square = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    rest = z * polynomial(z, LOG)
    value = s * (half_square + rest) + n * LN2_LOW - half_square + f + n * LN2_HIGH
    positive = x.is_equal(float("inf")).choose(x, value)
    return (x > 0.0).choose(positive, x.is_equal(0.0).choose(float("-inf"), float("nan")))


def tanh(x: T) -> T:
    """The hyperbolic tangent: a rational function near 0, else 1 - 2 / (e**2x + 1)."""
    magnitude = x.magnitude()
    z = magnitude * magnitude
    near = magnitude + magnitude * z * (polynomial(z, TANH_P) / polynomial(z, TANH_Q))
    far = 1.0 - 2.0 / (exp(magnitude * 2.0) + 1.0)
    return (magnitude < 0.625).choose(near, far).signed_like(x)


def sigmoid(x: T) -> T:
    """1 / (1 + e**-x), from e**-|x|, which does not overflow."""
    power = exp(0.0 - x.magnitude())
    return (x < 0.0).choose(power, 1.0) / (1.0 + power)


def rsqrt(x: T) -> T:
    """1 / sqrt(x)."""
    return 1.0 / x.root()


def polynomial(x: T, coefficients: tuple[float, ...]) -> T:
    """By Horner's rule, the coefficients from the constant one up."""
    total = x.constant(coefficients[-1], x.kind)
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total


def _power_of_two(k: T) -> T:
    """2**k of a normal number."""
    return ((k + BIAS) << FRACTION).from_bits()
