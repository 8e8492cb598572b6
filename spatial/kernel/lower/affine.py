"""What is known of an integer that depends on loop variables and on the PE: a sum of multiples of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Affine", "LoopVariable", "PeNumber", "fixed", "variable"]


@dataclass(frozen=True, slots=True, eq=False)
class LoopVariable:
    """A loop variable that takes `least` and `greatest`, whatever other loop variables are."""

    least: int
    greatest: int


@dataclass(frozen=True, slots=True)
class PeNumber:
    """A number that each PE is given, in the order of the PEs."""

    values: tuple[int, ...]


Variable = LoopVariable | PeNumber


@dataclass(frozen=True, slots=True)
class Affine:
    """`constant` plus each variable times its factor."""

    constant: int
    factors: Mapping[Variable, int] = field(default_factory=dict)

    def __add__(self, other: "Affine") -> "Affine":
        factors = dict(self.factors)
        for term, factor in other.factors.items():
            factors[term] = factors.get(term, 0) + factor
        return Affine(self.constant + other.constant, factors)

    def scaled(self, by: int) -> "Affine":
        """This times an integer."""
        return Affine(self.constant * by, {term: factor * by for term, factor in self.factors.items()})

    def times(self, other: "Affine") -> "Affine | None":
        """The product, where one of the two is a constant."""
        if not other.factors:
            return self.scaled(other.constant)
        return None if self.factors else other.scaled(self.constant)

    @property
    def differs(self) -> bool:
        """Whether it depends on the PE."""
        return any(isinstance(term, PeNumber) and factor for term, factor in self.factors.items())

    @property
    def loops(self) -> bool:
        """Whether it depends on a loop variable."""
        return any(isinstance(term, LoopVariable) and factor for term, factor in self.factors.items())

    def bounds(self, pe: int) -> tuple[int, int]:
        """The least and the greatest value it takes in a PE; both are reached."""
        low = high = self.constant
        for term, factor in self.factors.items():
            if isinstance(term, PeNumber):
                first = last = factor * term.values[pe]
            else:
                first, last = factor * term.least, factor * term.greatest
            low += min(first, last)
            high += max(first, last)
        return low, high

    def bounds_everywhere(self, pes: int) -> list[tuple[int, int]]:
        """The bounds in each PE, or once for all where they do not differ."""
        if not self.differs:
            return [self.bounds(0)]
        lows = highs = [self.constant] * pes
        for term, factor in self.factors.items():
            if isinstance(term, PeNumber):
                lows = [low + factor * value for low, value in zip(lows, term.values, strict=False)]
                highs = [high + factor * value for high, value in zip(highs, term.values, strict=False)]
            else:
                ends = (factor * term.least, factor * term.greatest)
                lows, highs = [low + min(ends) for low in lows], [high + max(ends) for high in highs]
        return list(zip(lows, highs, strict=True))


def fixed(number: int) -> Affine:
    """A constant."""
    return Affine(number)


def variable(term: Variable) -> Affine:
    """A variable itself."""
    return Affine(0, {term: 1})
