"""The error function and what is made of it, in float64, as algorithms of plain arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from spatial.types.elementary import exponential, scaled
from spatial.types.terms import Term

__all__ = ["erf", "erfc", "gelu"]

T = TypeVar("T", bound=Term)

# Intervals and coefficients as published with fdlibm (`s_erf.c`): "Copyright (C) 1993 by Sun Microsystems, Inc. All
# rights reserved. Permission to use, copy, modify, and distribute this software is freely granted, provided that this
# notice is preserved." The exponential is taken once, of a sum in two parts.
NEAR, MIDDLE, FAR, END = 0.84375, 1.25, 1 / 0.35, 28.0
AT_ONE = 8.45062911510467529297e-01
SHIFT = 0.5625
HALF_ROOT_TWO = 0.7071067811865476
HALF_ROOT_TWO_HIGH, HALF_ROOT_TWO_LOW = 0.7071067690849304, 1.210161710447897e-08
HIGH_HALF = -1 << 32  # of the bits of a float64: what is left has an exact square

NEAR_P = (
    1.28379167095512558561e-01,
    -3.25042107247001499370e-01,
    -2.84817495755985104766e-02,
    -5.77027029648944159157e-03,
    -2.37630166566501626084e-05,
)
NEAR_Q = (
    1.0,
    3.97917223959155352819e-01,
    6.50222499887672944485e-02,
    5.08130628187576562776e-03,
    1.32494738004321644526e-04,
    -3.96022827877536812320e-06,
)
MIDDLE_P = (
    -2.36211856075265944077e-03,
    4.14856118683748331666e-01,
    -3.72207876035701323847e-01,
    3.18346619901161753674e-01,
    -1.10894694282396677476e-01,
    3.54783043256182359371e-02,
    -2.16637559486879084300e-03,
)
MIDDLE_Q = (
    1.0,
    1.06420880400844228286e-01,
    5.40397917702171048937e-01,
    7.18286544141962662868e-02,
    1.26171219808761642112e-01,
    1.36370839120290507362e-02,
    1.19844998467991074170e-02,
)
FAR_P = (
    -9.86494403484714822705e-03,
    -6.93858572707181764372e-01,
    -1.05586262253232909814e01,
    -6.23753324503260060396e01,
    -1.62396669462573470355e02,
    -1.84605092906711035994e02,
    -8.12874355063065934246e01,
    -9.81432934416914548592e00,
)
FAR_Q = (
    1.0,
    1.96512716674392571292e01,
    1.37657754143519042600e02,
    4.34565877475229228821e02,
    6.45387271733267880336e02,
    4.29008140027567833386e02,
    1.08635005541779435134e02,
    6.57024977031928170135e00,
    -6.04244152148580987438e-02,
)
FURTHEST_P = (
    -9.86494292470009928597e-03,
    -7.99283237680523006574e-01,
    -1.77579549177547519889e01,
    -1.60636384855821916062e02,
    -6.37566443368389627722e02,
    -1.02509513161107724954e03,
    -4.83519191608651397019e02,
)
FURTHEST_Q = (
    1.0,
    3.03380607434824582924e01,
    3.25792512996573918826e02,
    1.53672958608443695994e03,
    3.19985821950859553908e03,
    2.55305040643316442583e03,
    4.74528541206955367215e02,
    -2.24409524465858183362e01,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces(Generic[T]):
    """The intervals a magnitude lies in, and the quotient of the polynomials of its interval."""

    near: T
    middle: T
    quotient: T


def erf(x: T) -> T:
    """2 / sqrt(pi) times the integral of e**-t**2 from 0 to x."""
    a = _bounded(x.magnitude())
    pieces = _pieces(a, a - 1.0)
    tail = scaled(*_tail(a, pieces.quotient, _split_square(a)))
    outer = pieces.middle.choose(AT_ONE + pieces.quotient, 1.0 - tail / a)
    return pieces.near.choose(a + a * pieces.quotient, outer).signed_like(x)


def erfc(x: T) -> T:
    """1 - erf(x), as precise where that is small."""
    a = _bounded(x.magnitude())
    pieces = _pieces(a, a - 1.0)
    m, k = _tail(a, pieces.quotient, _split_square(a))
    tail = scaled(m / a, k)
    negative = x < 0.0
    signed = negative.choose(0.0 - a, a)
    outer = negative.choose(2.0 - tail, tail)
    return _complement(signed, signed - 0.5, pieces, outer)


def gelu(x: T) -> T:
    """x * erfc(-x / sqrt(2)) / 2, from the quotient in two parts where 1 or 1/2 is subtracted.

    In the tail x cancels, and the exponent is the exact -x**2 / 2.
    """
    magnitude = x.magnitude()
    size = (magnitude > END / HALF_ROOT_TWO).choose(END / HALF_ROOT_TWO, magnitude)
    a = size * HALF_ROOT_TWO
    cut = (size.bits() & HIGH_HALF).from_bits()
    lost = ((cut * HALF_ROOT_TWO_HIGH - a) + cut * HALF_ROOT_TWO_LOW) + (size - cut) * HALF_ROOT_TWO
    pieces = _pieces(a, (a - 1.0) + lost)
    high, low = _split_square(size)
    m, k = _tail(a, pieces.quotient, (high * 0.5, low * 0.5))
    tail = scaled(m * HALF_ROOT_TWO, k)
    positive = x > 0.0
    signed = positive.choose(0.0 - a, a)
    below = (signed - 0.5) + positive.choose(0.0 - lost, lost)
    inner = 0.5 * x * _complement(signed, below, pieces, signed)
    return (a < MIDDLE).choose(inner, positive.choose(x - tail, tail * -1.0))


def _bounded(magnitude: T) -> T:
    """From where on the functions are constant."""
    return (magnitude > END).choose(END, magnitude)


def _complement(x: T, below_half: T, pieces: Pieces[T], outer: T) -> T:
    """erfc(x) from x - 1/2, and from its value in the outer intervals."""
    product = x * pieces.quotient
    near = (x < 0.25).choose(1.0 - (x + product), 0.5 - (product + below_half))
    middle = (x < 0.0).choose(1.0 + (AT_ONE + pieces.quotient), (1.0 - AT_ONE) - pieces.quotient)
    return pieces.near.choose(near, pieces.middle.choose(middle, outer))


def _pieces(a: T, above_one: T) -> Pieces[T]:
    """From a magnitude, and from what it is above 1."""
    near, middle, far = a < NEAR, a < MIDDLE, a < FAR
    variable = near.choose(a * a, middle.choose(above_one, 1.0 / (a * a)))
    above = _selected(variable, (near, middle, far), (NEAR_P, MIDDLE_P, FAR_P, FURTHEST_P))
    below = _selected(variable, (near, middle, far), (NEAR_Q, MIDDLE_Q, FAR_Q, FURTHEST_Q))
    return Pieces(near=near, middle=middle, quotient=above / below)


def _selected(x: T, intervals: tuple[T, T, T], polynomials: Sequence[tuple[float, ...]]) -> T:
    """The polynomial of the first interval that holds, or else the last, by Horner's rule."""
    length = max(map(len, polynomials))
    total: T | None = None
    for position in reversed(range(length)):
        first, second, third, last = (p[position] if position < len(p) else 0.0 for p in polynomials)
        coefficient = x.constant(last, x.kind)
        for holds, own in zip(reversed(intervals), (third, second, first), strict=True):
            coefficient = holds.choose(own, coefficient)
        total = coefficient if total is None else total * x + coefficient
    assert total is not None, "there are coefficients"
    return total


def _split_square(a: T) -> tuple[T, T]:
    """a**2 in two parts, the first exact in few bits."""
    cut = (a.bits() & HIGH_HALF).from_bits()
    return cut * cut, (a - cut) * (a + cut)


def _tail(a: T, quotient: T, square: tuple[T, T]) -> tuple[T, T]:
    """a * erfc(a) beyond the middle interval, from `a` squared in two parts, as m * 2**k."""
    return exponential((0.0 - square[0]) - SHIFT, quotient - square[1])
