"""Sums of loop variables with whole factors, and quotients of such sums by constants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from spatial.ir.mlir import ir

__all__ = ["Affine", "Floor", "Leaf", "constant", "floor", "interval", "leaves", "modulo", "plus", "text", "times"]

Range = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Affine:
    """A constant, and how often each leaf is added to it."""

    constant: int
    terms: frozenset[tuple["Leaf", int]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The quotient of a sum by a constant above 0, rounded down."""

    dividend: Affine
    divisor: int


Leaf: TypeAlias = ir.Value | Floor


def constant(number: int) -> Affine:
    """A sum without leaves."""
    return Affine(constant=number)


def plus(left: Affine, right: Affine, factor: int = 1) -> Affine:
    """The one, and `factor` times the other."""
    terms = dict(left.terms)
    for leaf, count in right.terms:
        terms[leaf] = terms.get(leaf, 0) + factor * count
    kept = frozenset((leaf, count) for leaf, count in terms.items() if count)
    return Affine(constant=left.constant + factor * right.constant, terms=kept)


def times(left: Affine, right: Affine) -> Affine | None:
    """The product, where one of the two is a constant."""
    if not right.terms:
        return plus(constant(0), left, right.constant)
    return None if left.terms else plus(constant(0), right, left.constant)


def floor(dividend: Affine, divisor: Affine) -> Affine | None:
    """The quotient rounded down, where the divisor is a constant other than 0."""
    if divisor.terms or not divisor.constant:
        return None
    by = divisor.constant
    if not dividend.terms:
        return constant(dividend.constant // by)
    positive = dividend if by > 0 else plus(constant(0), dividend, -1)
    return Affine(constant=0, terms=frozenset({(Floor(dividend=positive, divisor=abs(by)), 1)}))


def modulo(dividend: Affine, divisor: Affine) -> Affine | None:
    """What rounding the quotient down leaves, where the divisor is a constant other than 0."""
    quotient = floor(dividend, divisor)
    return None if quotient is None else plus(dividend, quotient, -divisor.constant)


def leaves(sum_: Affine) -> set[ir.Value]:
    """The values that a sum is made of, those in its quotients too."""
    found: set[ir.Value] = set()
    for leaf, _ in sum_.terms:
        found |= leaves(leaf.dividend) if isinstance(leaf, Floor) else {leaf}
    return found


def text(sum_: Affine, names: Mapping[ir.Value, str]) -> str:
    """A sum as isl writes it."""
    parts = [f"{count}*{_leaf(leaf, names)}" for leaf, count in sum_.terms]
    return " + ".join([*sorted(parts), str(sum_.constant)])


def _leaf(leaf: Leaf, names: Mapping[ir.Value, str]) -> str:
    return f"floor(({text(leaf.dividend, names)})/{leaf.divisor})" if isinstance(leaf, Floor) else names[leaf]


def interval(sum_: Affine, range_of: Callable[[ir.Value], Range]) -> Range:
    """The least and the greatest value that a sum can have, as far as its leaves' are known."""
    low: int | None = sum_.constant
    high: int | None = sum_.constant
    for leaf, count in sum_.terms:
        least, most = _range_of(leaf, range_of)
        if count < 0:
            least, most = most, least
        low = None if low is None or least is None else low + count * least
        high = None if high is None or most is None else high + count * most
    return low, high


def _range_of(leaf: Leaf, range_of: Callable[[ir.Value], Range]) -> Range:
    if not isinstance(leaf, Floor):
        return range_of(leaf)
    low, high = interval(leaf.dividend, range_of)
    return None if low is None else low // leaf.divisor, None if high is None else high // leaf.divisor
