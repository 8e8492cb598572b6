"""Applies an operator of the arithmetic table to operands that may still be untyped literals."""

import ast
from dataclasses import dataclass

from spatial.ir.arithmetic import binary
from spatial.kernel.errors import DivisionByZero, NoSuchOperation
from spatial.kernel.lower.affine import Affine
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import Literal, Number, Scalar, Varying
from spatial.meta.plain import written
from spatial.types.arithmetic import Operator
from spatial.types.dtype import DType, Fixed, Struct, is_float, is_integer

__all__ = ["WIDEST", "Operand", "operate"]

SHIFTS = (Operator.SHL, Operator.SHR)
BITWISE = (Operator.AND, Operator.OR, Operator.XOR)
DIVISIONS = (Operator.DIV, Operator.FLOORDIV, Operator.MOD)
WIDEST = 1024
LONGEST = 30  # characters of an expression that a hint repeats


@dataclass(frozen=True, slots=True)
class Operand:
    """A number and where the user wrote it."""

    value: Number
    node: ast.AST


def operate(lowering: Lowering, operator: Operator, left: Operand, right: Operand, node: ast.AST) -> Scalar:
    """`left operator right`, typed; a literal takes the type of its partner."""
    amount = None
    if operator in SHIFTS:
        a, b = lowering.settled(left.value, left.node), lowering.settled(right.value, right.node)
        amount = _amount(right.value)
    elif isinstance(left.value, Scalar):
        a, b = left.value, _beside(lowering, right, left.value, left.node)
    else:
        b = lowering.settled(right.value, right.node)
        a = _beside(lowering, left, b, right.node)
    if operator in DIVISIONS and not (is_float(a.dtype) or is_float(b.dtype)):
        _check_divisor(lowering, right)
    made = binary(operator, a.value, a.dtype, b.value, b.dtype, amount)
    if made is None:
        raise _undefined(lowering, operator, a.dtype, b.dtype, node, amount)
    return Scalar(*made, _affine(operator, a, b))


def _beside(lowering: Lowering, operand: Operand, partner: Scalar, node: ast.AST) -> Scalar:
    """An operand beside its partner, which the user wrote as `node`: what has no type takes the partner's."""
    if isinstance(operand.value, Scalar):
        return operand.value
    whole = is_integer(partner.dtype) and not _is_whole(operand.value)
    return lowering.typed(operand.value, partner.dtype, operand.node, hint=_cast_of(node) if whole else "")


def _is_whole(value: Literal | Varying) -> bool:
    first = value.value if isinstance(value, Literal) else value.values[0]
    return isinstance(first, int)


def _cast_of(node: ast.AST) -> str:
    spelled = written(node)
    return f"cast what it is computed with: `float32({spelled if len(spelled) <= LONGEST else '...'})`"


def _amount(value: Number) -> int | None:
    """By how much a shift shifts, where that is known."""
    return int(value.value) if isinstance(value, Literal) and isinstance(value.value, int) else None


def _check_divisor(lowering: Lowering, divisor: Operand) -> None:
    span = lowering.spans(divisor.node)
    match divisor.value:
        case Literal(value=number) if number == 0:
            raise lowering.rejected(DivisionByZero(span=span))
        case Varying(values=numbers, text=text) if 0 in numbers:
            label = f"`{text}` is 0 at `{lowering.labels[numbers.index(0)]}`"
            raise lowering.rejected(DivisionByZero(span=span, label=label))


def _undefined(
    lowering: Lowering, operator: Operator, left: DType, right: DType, node: ast.AST, amount: int | None
) -> Rejected:
    what, hint = f"would need more than {WIDEST} bits here", "cast an operand to a narrower type"
    if isinstance(left, Struct) or isinstance(right, Struct):
        what, hint = "", "compute with their fields, as in `p.x`"
    elif is_float(left) or is_float(right):
        what, hint = "", "cast to an integer first, as in `int32(x)`"
    elif operator in SHIFTS and isinstance(right, Fixed):
        what, hint = "", "a shift is by an integer: cast it, as in `int32(x)`"
    elif amount is not None and amount < 0:
        what, hint = "takes no negative amount", "shift the other way"
    types = (str(left),) if left == right else (str(left), str(right))
    problem = NoSuchOperation(operator=operator.value, types=types, span=lowering.spans(node), what=what, hint=hint)
    return lowering.rejected(problem)


def _affine(operator: Operator, a: Scalar, b: Scalar) -> Affine | None:
    """What indices computed from loop variables and the PE's numbers are."""
    if a.affine is None or b.affine is None:
        return None
    match operator:
        case Operator.ADD:
            return a.affine + b.affine
        case Operator.SUB:
            return a.affine + b.affine.scaled(-1)
        case Operator.MUL:
            return a.affine.times(b.affine)
    return None
