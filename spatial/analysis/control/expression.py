"""Integers as expressions of arguments and loop variables, evaluated for one number or many at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from spatial.analysis.series import Numbers
from spatial.ir.dialect import WithinOp
from spatial.ir.mlir import arith, ir, memref

__all__ = ["COMPUTE", "Expression", "Undefined", "Value", "computed", "constant", "evaluate", "frontier", "variable"]

Value: TypeAlias = int | Numbers
WIDEST = 64  # bits that NumPy's integers hold


class Undefined(Exception):
    """An expression has no value: a division by zero, an index outside of its extent, more than 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expression:
    """An integer of `width` bits, in two's complement; a single bit is 0 or 1.

    `kind` is the operation that computes it from `operands`, None for a variable. `value` is the number of a
    variable, a constant, the predicate of a comparison or the extent of a checked index. A load reads the `table`,
    flat, at the place that its only operand is. It depends on `variables`.
    """

    kind: type[ir.OpView] | None
    width: int
    value: int = 0
    operands: tuple["Expression", ...] = ()
    variables: frozenset[int] = frozenset()
    table: Numbers | None = None


def variable(number: int, width: int = 64) -> Expression:
    """The variable of a number."""
    return Expression(kind=None, width=width, value=number, variables=frozenset({number}))


def constant(value: int, width: int = 64) -> Expression:
    """A number."""
    return Expression(kind=arith.ConstantOp, width=width, value=value)


def computed(
    kind: type[ir.OpView],
    width: int,
    operands: Sequence[Expression],
    value: int = 0,
    table: Numbers | None = None,
) -> Expression:
    """What an operation computes from its operands; a constant where they are."""
    variables = frozenset[int]().union(*(operand.variables for operand in operands))
    found = Expression(kind=kind, width=width, value=value, operands=tuple(operands), variables=variables, table=table)
    if variables:
        return found
    try:
        return constant(int(evaluate(found, {})), width)
    except Undefined:
        return found


def evaluate(expression: Expression, known: Mapping[int, Value]) -> Value:
    """The value for those of all its variables, numbers or arrays of the same shape; raises `Undefined`."""
    found: Value = _evaluate(expression, known, {})
    return found


def frontier(expression: Expression, inner: frozenset[int]) -> Iterator[Expression]:
    """The greatest parts of an expression that do not depend on `inner` variables, but on others."""
    if not expression.variables & inner:
        if expression.variables:
            yield expression
        return
    for operand in expression.operands:
        yield from frontier(operand, inner)


def _evaluate(expression: Expression, known: Mapping[int, Value], found: dict[Expression, Any]) -> Any:
    if expression.kind is None:
        return known[expression.value]
    if expression.kind is arith.ConstantOp:
        return expression.value
    if expression in found:
        return found[expression]
    operands = [_evaluate(operand, known, found) for operand in expression.operands]
    value = found[expression] = _fitted(COMPUTE[expression.kind](expression, operands), expression.width)
    return value


def _fitted(number: Any, width: int) -> Any:
    """The number as so many bits hold it."""
    if width == 1:
        return number & 1
    if isinstance(number, np.ndarray):
        if width > WIDEST:
            raise Undefined
        return number if width == WIDEST else _wrapped(number, width)
    return _wrapped(number, width)


def _wrapped(number: Any, width: int) -> Any:
    half = 1 << (width - 1)
    return ((number + half) & (2 * half - 1)) - half


def _nonzero(number: Any) -> Any:
    if np.any(number == 0):
        raise Undefined
    return number


def _compare(expression: Expression, operands: list[Any]) -> Any:
    """The ten predicates of `arith.cmpi`, in its order; the last four of numbers without sign."""
    left, right = operands
    predicate, width = expression.value, expression.operands[0].width
    if predicate >= len(SIGNED):
        left, right = (_fitted(number + (-1 << (width - 1)), width) for number in operands)
        predicate -= len(UNSIGNED)
    return SIGNED[predicate](left, right) * 1


def _remainder(expression: Expression, operands: list[Any]) -> Any:
    """With the sign of the dividend, as `arith.remsi` has it."""
    left, right = operands
    return abs(left) % abs(_nonzero(right)) * (1 - 2 * (left < 0))


def _quotient(expression: Expression, operands: list[Any]) -> Any:
    left, right = operands
    return abs(left) // abs(_nonzero(right)) * (1 - 2 * ((left < 0) ^ (right < 0)))


def _within(expression: Expression, operands: list[Any]) -> Any:
    (index,) = operands
    if np.any((index < 0) | (index >= expression.value)):
        raise Undefined
    return index


def _loaded(expression: Expression, operands: list[Any]) -> Any:
    (place,) = operands
    table = expression.table
    if table is None or np.any((place < 0) | (place >= len(table))):
        raise Undefined
    found = table[place]
    return found if isinstance(place, np.ndarray) else int(found)


def _zero_extended(expression: Expression, operands: list[Any]) -> Any:
    (operand,) = expression.operands
    return operands[0] & ((1 << operand.width) - 1) if operand.width < WIDEST else operands[0]


def _sign_extended(expression: Expression, operands: list[Any]) -> Any:
    (operand,) = expression.operands
    return -operands[0] if operand.width == 1 else operands[0]


def _chosen(expression: Expression, operands: list[Any]) -> Any:
    condition, left, right = operands
    return condition * left + (1 - condition) * right


SIGNED: tuple[Callable[[Any, Any], Any], ...] = (
    lambda a, b: a == b,
    lambda a, b: a != b,
    lambda a, b: a < b,
    lambda a, b: a <= b,
    lambda a, b: a > b,
    lambda a, b: a >= b,
)
UNSIGNED = SIGNED[2:]

COMPUTE: Mapping[type[ir.OpView], Callable[[Expression, list[Any]], Any]] = {
    arith.AddIOp: lambda e, operands: operands[0] + operands[1],
    arith.SubIOp: lambda e, operands: operands[0] - operands[1],
    arith.MulIOp: lambda e, operands: operands[0] * operands[1],
    arith.AndIOp: lambda e, operands: operands[0] & operands[1],
    arith.OrIOp: lambda e, operands: operands[0] | operands[1],
    arith.XOrIOp: lambda e, operands: operands[0] ^ operands[1],
    arith.MinSIOp: lambda e, operands: operands[0] + (operands[1] - operands[0]) * (operands[1] < operands[0]),
    arith.MaxSIOp: lambda e, operands: operands[0] + (operands[1] - operands[0]) * (operands[1] > operands[0]),
    arith.FloorDivSIOp: lambda e, operands: operands[0] // _nonzero(operands[1]),
    arith.DivSIOp: _quotient,
    arith.RemSIOp: _remainder,
    arith.SelectOp: _chosen,
    arith.CmpIOp: _compare,
    arith.ExtSIOp: _sign_extended,
    arith.ExtUIOp: _zero_extended,
    arith.TruncIOp: lambda e, operands: operands[0],
    arith.IndexCastOp: lambda e, operands: operands[0],
    arith.IndexCastUIOp: _zero_extended,
    memref.LoadOp: _loaded,
    WithinOp: _within,
}
"""How each operation computes; operands and results as `Expression` says, results before they are fitted."""
