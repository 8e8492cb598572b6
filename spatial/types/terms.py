"""The language in which an algorithm of arithmetic is written once, to be computed or to be emitted."""

from abc import ABC, abstractmethod
from enum import Enum, auto
from typing import Self

__all__ = ["Kind", "Step", "Term"]


class Kind(Enum):
    """What a term is: a float64, an int64 that wraps, or a truth."""

    REAL = auto()
    WHOLE = auto()
    TRUTH = auto()


class Step(Enum):
    """What an algorithm can do; each rounds as IEEE 754 has it, and nothing is contracted."""

    ADD = auto()
    SUBTRACT = auto()
    MULTIPLY = auto()
    DIVIDE = auto()
    LESS = auto()
    EQUAL = auto()
    ABSOLUTE = auto()
    SIGNED_LIKE = auto()
    ROOT = auto()
    CHOOSE = auto()
    TRUNCATE = auto()
    CONVERT = auto()
    TO_BITS = auto()
    FROM_BITS = auto()
    WHOLE_ADD = auto()
    WHOLE_SUBTRACT = auto()
    WHOLE_AND = auto()
    SHIFT_LEFT = auto()
    SHIFT_RIGHT = auto()


class Term(ABC):
    """A value within an algorithm; where a number stands beside it, that is a constant of the same kind."""

    kind: Kind

    @abstractmethod
    def constant(self, number: float, kind: Kind) -> Self:
        """A number as a term."""

    @abstractmethod
    def made(self, step: Step, kind: Kind, *operands: Self) -> Self:
        """The outcome of a step."""

    def __add__(self, other: Self | float) -> Self:
        return self._joined(Step.ADD if self.kind is Kind.REAL else Step.WHOLE_ADD, other)

    def __sub__(self, other: Self | float) -> Self:
        return self._joined(Step.SUBTRACT if self.kind is Kind.REAL else Step.WHOLE_SUBTRACT, other)

    def __mul__(self, other: Self | float) -> Self:
        return self._joined(Step.MULTIPLY, other)

    def __truediv__(self, other: Self | float) -> Self:
        return self._joined(Step.DIVIDE, other)

    def __radd__(self, other: float) -> Self:
        return self.constant(other, self.kind) + self

    def __rsub__(self, other: float) -> Self:
        return self.constant(other, self.kind) - self

    def __rmul__(self, other: float) -> Self:
        return self.constant(other, self.kind) * self

    def __rtruediv__(self, other: float) -> Self:
        return self.constant(other, self.kind) / self

    def __and__(self, other: Self | int) -> Self:
        return self._joined(Step.WHOLE_AND, other)

    def __lshift__(self, other: int) -> Self:
        return self._joined(Step.SHIFT_LEFT, other)

    def __rshift__(self, other: int) -> Self:
        """Keeps the sign."""
        return self._joined(Step.SHIFT_RIGHT, other)

    def __lt__(self, other: Self | float) -> Self:
        """False beside a NaN."""
        return self.made(Step.LESS, Kind.TRUTH, self, self._beside(other))

    def __gt__(self, other: Self | float) -> Self:
        return self.made(Step.LESS, Kind.TRUTH, self._beside(other), self)

    def is_equal(self, other: Self | float) -> Self:
        """A truth; false beside a NaN."""
        return self.made(Step.EQUAL, Kind.TRUTH, self, self._beside(other))

    def magnitude(self) -> Self:
        """The value without its sign."""
        return self.made(Step.ABSOLUTE, self.kind, self)

    def signed_like(self, other: Self) -> Self:
        """The magnitude with the sign of another."""
        return self.made(Step.SIGNED_LIKE, self.kind, self, other)

    def root(self) -> Self:
        """The square root, correctly rounded; NaN of what is negative."""
        return self.made(Step.ROOT, self.kind, self)

    def choose(self, yes: Self | float, no: Self | float) -> Self:
        """One of two reals, by a truth."""
        first = yes if isinstance(yes, Term) else self.constant(yes, Kind.REAL)
        second = no if isinstance(no, Term) else self.constant(no, Kind.REAL)
        return self.made(Step.CHOOSE, Kind.REAL, self, first, second)

    def truncated(self) -> Self:
        """A real within the range of int64 without its fraction, as a whole; 0 of NaN."""
        return self.made(Step.TRUNCATE, Kind.WHOLE, self)

    def real(self) -> Self:
        """A whole as a real."""
        return self.made(Step.CONVERT, Kind.REAL, self)

    def bits(self) -> Self:
        """The IEEE 754 encoding of a real, as a whole."""
        return self.made(Step.TO_BITS, Kind.WHOLE, self)

    def from_bits(self) -> Self:
        """The real that a whole encodes."""
        return self.made(Step.FROM_BITS, Kind.REAL, self)

    def _beside(self, other: Self | float) -> Self:
        return other if isinstance(other, Term) else self.constant(other, self.kind)

    def _joined(self, step: Step, other: Self | float) -> Self:
        return self.made(step, self.kind, self, self._beside(other))
