"""Index arithmetic at the insertion point, with what is known folded away."""

from typing import TypeAlias

from spatial.analysis.pipelining.places import sum_of
from spatial.analysis.static import Arguments, evaluate
from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, ir
from spatial.types.dtype import index

__all__ = [
    "EXACT",
    "Index",
    "bound",
    "divided",
    "greatest",
    "known",
    "least",
    "minus",
    "plus",
    "remainder",
    "times",
    "value_of",
]

EXACT = arith.IntegerOverflowFlags.nsw
Index: TypeAlias = int | ir.Value
"""An index: a number, or the value of an operation."""


def known(value: ir.Value) -> int | None:
    """The number that a value always is, if it is one."""
    return evaluate(value, Arguments({}))


def bound(value: ir.Value) -> Index:
    """A value, as its number where it is always the same."""
    number = known(value)
    return value if number is None else number


def value_of(given: Index) -> ir.Value:
    """The value of an index, made if it is a number."""
    return constant(index, given) if isinstance(given, int) else given


def plus(a: Index, b: Index) -> Index:
    """`a + b`, which does not overflow."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    if a == 0 or b == 0:
        return b if isinstance(a, int) else a
    made: ir.Value = arith.addi(value_of(a), value_of(b), overflow_flags=EXACT)
    return made


def minus(a: Index, b: Index) -> Index:
    """`a - b`, which does not overflow."""
    if isinstance(a, int) and isinstance(b, int):
        return a - b
    if isinstance(b, int) and b == 0:
        return a
    made: ir.Value = arith.subi(value_of(a), value_of(b), overflow_flags=EXACT)
    return made


def times(a: Index, factor: int) -> Index:
    """`a * factor`, which does not overflow."""
    if isinstance(a, int):
        return a * factor
    if factor == 1:
        return a
    made: ir.Value = arith.muli(a, value_of(factor), overflow_flags=EXACT)
    return made


def divided(a: Index, divisor: int) -> Index:
    """`a // divisor`, rounded down; the divisor is positive."""
    if isinstance(a, int):
        return a // divisor
    if divisor == 1:
        return a
    made: ir.Value = arith.floordivsi(a, value_of(divisor))
    return made


def quotient(a: Index, divisor: int) -> Index | None:
    """`a / divisor` where that surely leaves nothing over: of a sum all of whose parts are multiples; None else."""
    if isinstance(a, int):
        return None if a % divisor else a // divisor
    parts = sum_of(a)
    if parts.constant % divisor or any(count % divisor for count in parts.terms.values()):
        return None
    total: Index = parts.constant // divisor
    for value, count in parts.terms.items():
        total = plus(times(value, count // divisor), total)
    return total


def remainder(a: Index, divisor: int) -> Index:
    """`a % divisor` of an index that is not negative."""
    if isinstance(a, int):
        return a % divisor
    if divisor == 1:
        return 0
    made: ir.Value = arith.remsi(a, value_of(divisor))
    return made


def least(a: Index, b: Index) -> Index:
    """The lesser of two indices."""
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    made: ir.Value = arith.minsi(value_of(a), value_of(b))
    return made


def greatest(a: Index, b: Index) -> Index:
    """The greater of two indices."""
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    made: ir.Value = arith.maxsi(value_of(a), value_of(b))
    return made
