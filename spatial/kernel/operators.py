"""Applies an operator of the arithmetic table to operands that may still be untyped literals."""

import ast
from typing import NoReturn

from spatial.ir.arithmetic import binary
from spatial.kernel.errors import NoSuchOperation
from spatial.kernel.lowering import Lowering
from spatial.kernel.values import Literal, Scalar, Varying
from spatial.types.arithmetic import Operator
from spatial.types.dtype import Bool, DType, Index, Int, UInt, is_integer

__all__ = ["operate"]

SHIFTS = (Operator.SHL, Operator.SHR)
DIVISIONS = (Operator.DIV, Operator.FLOORDIV, Operator.MOD)
WIDEST = 1024


def operate(
    lowering: Lowering,
    operator: Operator,
    left: Scalar | Literal | Varying,
    right: Scalar | Literal | Varying,
    node: ast.expr,
) -> Scalar:
    """`left operator right`, typed; a literal takes the type of its partner."""
    a, b, amount = _typed_operands(lowering, operator, left, right, node)
    if operator in DIVISIONS and isinstance(right, Literal) and right.value == 0 and is_integer(b.dtype):
        _reject(lowering, operator, a.dtype, b.dtype, node, why="this divides by zero")
    made = binary(operator, a.value, a.dtype, b.value, b.dtype, amount)
    if made is None:
        _reject(lowering, operator, a.dtype, b.dtype, node, why=_why(operator, a.dtype, b.dtype))
    return Scalar(*made, _interval(operator, a, b))


def _typed_operands(
    lowering: Lowering,
    operator: Operator,
    left: Scalar | Literal | Varying,
    right: Scalar | Literal | Varying,
    node: ast.expr,
) -> tuple[Scalar, Scalar, int | None]:
    sides = _sides(node)
    if operator in SHIFTS:
        known = isinstance(right, Literal) and isinstance(right.value, int) and right.value >= 0
        amount = int(right.value) if isinstance(right, Literal) and known else None
        return lowering.settled(left, sides[0]), lowering.settled(right, sides[1]), amount
    if isinstance(left, Scalar):
        return left, right if isinstance(right, Scalar) else lowering.typed(right, left.dtype, sides[1]), None
    b = lowering.settled(right, sides[1])
    return lowering.typed(left, b.dtype, sides[0]), b, None


def _sides(node: ast.expr) -> tuple[ast.expr, ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            return left, right
    return node, node


def _reject(lowering: Lowering, operator: Operator, left: DType, right: DType, node: ast.expr, why: str) -> NoReturn:
    types = (str(left),) if left == right else (str(left), str(right))
    lowering.reject(NoSuchOperation(operator=operator.value, types=types, span=lowering.spans(node), why=why))


def _why(operator: Operator, left: DType, right: DType) -> str:
    integers = isinstance(left, Int | UInt | Bool | Index) and isinstance(right, Int | UInt | Bool | Index)
    if integers and operator in (Operator.ADD, Operator.SUB, Operator.MUL, Operator.SHL):
        return f"the result would be wider than {WIDEST} bits: cast an operand to a narrower type"
    return "cast the operands to integers first" if operator in (*SHIFTS, *DIVISIONS) or not integers else ""


def _interval(operator: Operator, a: Scalar, b: Scalar) -> tuple[int, int] | None:
    """What indices computed from loop variables surely range over."""
    if a.interval is None or b.interval is None:
        return None
    (al, ah), (bl, bh) = a.interval, b.interval
    match operator:
        case Operator.ADD:
            return al + bl, ah + bh
        case Operator.SUB:
            return al - bh, ah - bl
        case Operator.MUL:
            products = [x * y for x in (al, ah) for y in (bl, bh)]
            return min(products), max(products)
    return None
