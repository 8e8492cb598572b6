"""Expressions of C++ as text: what they are of, what their values lie between, what they depend on."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypedDict

from spatial.ir.mlir import ir
from spatial.lower.hls.emit.kinds import INT, LONG, TRUTH, Kind, Native, Point, Whole, limits_of

__all__ = [
    "Level",
    "Term",
    "call",
    "cast",
    "infix",
    "joined",
    "literal",
    "named",
    "narrowest",
    "parenthesized",
    "prefix",
    "ternary",
]


class Level(IntEnum):
    """How tightly an expression holds together."""

    CHOICE = 2
    OR = 3
    AND = 4
    BIT_OR = 5
    BIT_XOR = 6
    BIT_AND = 7
    EQUALITY = 8
    ORDER = 9
    SHIFT = 11
    SUM = 12
    PRODUCT = 13
    PREFIX = 15
    PRIMARY = 16


LEVELS = {
    "+": Level.SUM,
    "-": Level.SUM,
    "*": Level.PRODUCT,
    "/": Level.PRODUCT,
    "%": Level.PRODUCT,
    "<<": Level.SHIFT,
    ">>": Level.SHIFT,
    "&": Level.BIT_AND,
    "^": Level.BIT_XOR,
    "|": Level.BIT_OR,
    "<": Level.ORDER,
    "<=": Level.ORDER,
    ">": Level.ORDER,
    ">=": Level.ORDER,
    "==": Level.EQUALITY,
    "!=": Level.EQUALITY,
    "&&": Level.AND,
    "||": Level.OR,
}
ARITHMETIC = {"+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!="}
"""Operators whose operands a reader knows how to group without parentheses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An expression whose value, an integer where it is no float, lies between `low` and `high`.

    `reads` are the memories it loads from; with an `effect` it takes a token, so it is evaluated once. What is
    `simple` is as short as a name. A `constant` is an integer known now; `parts` are the operator and the operands of
    an infix expression, `negated` is what stands behind a minus. An integer that counts units of 2**-`unit` may have a
    `number`, an expression of exactly that number in fixed point; one of those may be a conversion of its `source`.
    """

    text: str
    kind: Kind
    low: int = 0
    high: int = 0
    level: Level = Level.PRIMARY
    reads: frozenset[ir.Value] = frozenset()
    effect: bool = False
    simple: bool = False
    constant: int | None = None
    parts: "tuple[str, Term, Term] | None" = None
    negated: "Term | None" = None
    number: "Term | None" = None
    unit: int = 0
    source: "Term | None" = None

    @property
    def lasting(self) -> bool:
        """Whether it has the same value wherever it is written."""
        return not self.reads and not self.effect


def named(text: str, kind: Kind, low: int | None = None, high: int | None = None) -> Term:
    """A variable."""
    least, greatest = limits_of(kind)
    return Term(
        text=text, kind=kind, simple=True, low=least if low is None else low, high=greatest if high is None else high
    )


def literal(value: int) -> Term:
    """An integer known now."""
    if abs(value) < 1 << 31:
        level = Level.PRIMARY if value >= 0 else Level.PREFIX
        return Term(text=str(value), kind=INT, low=value, high=value, level=level, simple=True, constant=value)
    if abs(value) < 1 << 63:
        level = Level.PRIMARY if value >= 0 else Level.PREFIX
        return Term(text=f"{value}LL", kind=LONG, low=value, high=value, level=level, simple=True, constant=value)
    kind = narrowest(value, value)
    return Term(text=f'{kind}("{value}", 10)', kind=kind, low=value, high=value, constant=value)


def narrowest(low: int, high: int) -> Whole:
    """The `ap_int` of the least width that holds a range, an `ap_uint` where there is nothing negative."""
    if low >= 0:
        return Whole(width=max(high.bit_length(), 1), signed=False)
    return Whole(width=max((~low).bit_length(), high.bit_length() if high > 0 else 0) + 1, signed=True)


class Depends(TypedDict):
    """What an expression depends on, as `Term` has it."""

    reads: frozenset[ir.Value]
    effect: bool


def joined(*terms: Term) -> Depends:
    """What an expression of several others depends on."""
    reads: frozenset[ir.Value] = frozenset().union(*(term.reads for term in terms))
    return Depends(reads=reads, effect=any(term.effect for term in terms))


def parenthesized(term: Term, level: int) -> str:
    """An operand in a place that holds so tightly."""
    return term.text if term.level >= level else f"({term.text})"


def infix(operator: str, a: Term, b: Term, kind: Kind, low: int = 0, high: int = 0) -> Term:
    """Two terms with an operator between them."""
    level = LEVELS[operator]
    if operator in ARITHMETIC:
        least = max(level, Level.SUM)
        texts = parenthesized(a, least), parenthesized(b, max(level + 1, Level.SUM))
    else:
        chained = a.level == level and f" {operator} " in a.text and level is not Level.SHIFT
        texts = a.text if chained else parenthesized(a, Level.PREFIX), parenthesized(b, Level.PREFIX)
        if level in (Level.AND, Level.OR):
            texts = _condition(a, level), _condition(b, Level.EQUALITY)
    text = f"{texts[0]} {operator} {texts[1]}"
    return Term(text=text, kind=kind, low=low, high=high, level=level, parts=(operator, a, b), **joined(a, b))


def _condition(term: Term, level: int) -> str:
    """A part of a condition: comparisons stand as they are, anything looser in parentheses."""
    return term.text if term.level >= Level.EQUALITY or term.level == level else f"({term.text})"


def prefix(operator: str, a: Term, kind: Kind, low: int = 0, high: int = 0) -> Term:
    """An operator before a term."""
    text = f"{operator}{parenthesized(a, Level.PRIMARY)}"
    return Term(text=text, kind=kind, low=low, high=high, level=Level.PREFIX, **joined(a))


def call(function: str, *arguments: Term, kind: Kind, low: int | None = None, high: int | None = None) -> Term:
    """A call of a function."""
    least, greatest = limits_of(kind)
    return Term(
        text=f"{function}({', '.join(argument.text for argument in arguments)})",
        kind=kind,
        low=least if low is None else low,
        high=greatest if high is None else high,
        **joined(*arguments),
    )


def cast(term: Term, kind: Kind) -> Term:
    """The term as another kind; an integer keeps its value where the kind holds it, else it wraps."""
    if term.kind == kind:
        return term
    least, greatest = limits_of(kind)
    fits = least <= term.low and term.high <= greatest
    low, high = (term.low, term.high) if fits else (least, greatest)
    if kind == TRUTH:
        return infix("!=", term, literal(0), TRUTH, 0, 1)
    name = str(kind) if " " not in str(kind) else f"({kind})"
    text = f"{name}({term.text})"
    plain = replace(term, simple=False, constant=None, parts=None, negated=None, source=None, level=Level.PRIMARY)
    number = term.number and _number_cast(term.number, term.unit, kind, fits=fits)
    return replace(plain, text=text, kind=kind, low=low, high=high, number=number)


def _number_cast(number: Term, unit: int, kind: Kind, *, fits: bool) -> Term | None:
    """A number whose units become a kind, which may cut them."""
    if fits and isinstance(kind, Whole | Native):
        return number
    if not isinstance(kind, Whole):
        return None
    point = Point(width=kind.width, fraction=unit, signed=kind.signed)
    return Term(text=f"{point}({number.text})", kind=point, **joined(number))


def ternary(condition: Term, a: Term, b: Term, kind: Kind, low: int = 0, high: int = 0) -> Term:
    """One of two terms of the same kind."""
    texts = [parenthesized(term, Level.SUM) for term in (condition, a, b)]
    return Term(
        text=f"{texts[0]} ? {texts[1]} : {texts[2]}",
        kind=kind,
        low=low,
        high=high,
        level=Level.CHOICE,
        **joined(condition, a, b),
    )
