"""Conditions on loop variables, as far as they can be told without a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from spatial.analysis.dependence.affine import Affine, leaves, text
from spatial.ir.mlir import ir

__all__ = ["ALWAYS", "Both", "Compare", "Condition", "Either", "Known", "Unknown", "implies", "met", "named", "negated"]

OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Always, or never."""

    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Whatever the data say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """Two sums in one of the orders `= != < <= > >=`."""

    left: Affine
    order: str
    right: Affine


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The one as well as the other."""

    first: "Condition"
    second: "Condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """The one or the other."""

    first: "Condition"
    second: "Condition"


Condition = Known | Unknown | Compare | Both | Either
ALWAYS = Known(holds=True)


def implies(condition: Condition, outer: Condition) -> bool:
    """Whether a guard is another one, or stands inside of it."""
    while condition is not outer and isinstance(condition, Both):
        condition = condition.first
    return condition is outer or outer == ALWAYS


def negated(condition: Condition) -> Condition:
    """The condition that holds where this one does not."""
    match condition:
        case Known():
            return Known(holds=not condition.holds)
        case Unknown():
            return condition
        case Compare():
            return Compare(left=condition.left, order=OPPOSITE[condition.order], right=condition.right)
        case Both():
            return Either(first=negated(condition.first), second=negated(condition.second))
        case Either():
            return Both(first=negated(condition.first), second=negated(condition.second))
    assert_never(condition)


def met(condition: Condition, names: Mapping[ir.Value, str], *, surely: bool) -> str:
    """Where a condition may be met, or where it surely is, as isl writes it."""
    match condition:
        case Known():
            return "true" if condition.holds else "false"
        case Unknown():
            return "false" if surely else "true"
        case Compare():
            return f"{text(condition.left, names)} {condition.order} {text(condition.right, names)}"
        case Both():
            first, second = (met(part, names, surely=surely) for part in (condition.first, condition.second))
            return f"(({first}) and ({second}))"
        case Either():
            first, second = (met(part, names, surely=surely) for part in (condition.first, condition.second))
            return f"(({first}) or ({second}))"
    assert_never(condition)


def named(condition: Condition) -> set[ir.Value]:
    """The values that a condition asks about."""
    match condition:
        case Compare():
            return leaves(condition.left) | leaves(condition.right)
        case Both() | Either():
            return named(condition.first) | named(condition.second)
    return set()
