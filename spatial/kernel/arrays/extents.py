"""How much a slice takes whose bounds are only known while the program runs."""

import ast

from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Number
from spatial.meta.plain import Argument, Known, Window
from spatial.types.dtype import index

__all__ = ["taken_from"]

PURE = (
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Subscript,
    ast.Attribute,
    ast.Tuple,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
    ast.expr_context,
)
"""What has the same value where it is written twice, if its parts have."""


def taken_from(lowering: Lowering, node: ast.Slice) -> tuple[Number, int] | None:
    """Where a slice begins and how much it takes; None where only the run knows how much."""
    if node.lower is None or node.upper is None:
        return None
    lower = lowering.scalar(node.lower)
    width = _written_width(node.lower, node.upper)
    if width is None:
        width = _affine_width(lowering, lower, node.lower, node.upper)
    return None if width is None else (lower, width)


def _written_width(lower: ast.expr, upper: ast.expr) -> int | None:
    """`c` where `upper` is written as `lower + c`."""
    match upper:
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _same(left, lower):
            pass
        case ast.BinOp(left=right, op=ast.Add(), right=left) if _same(left, lower):
            pass
        case _:
            return None
    number = right.value if isinstance(right, Known | ast.Constant) else None
    return number if type(number) is int else None


def _same(a: ast.AST, b: ast.AST) -> bool:
    """Whether two expressions without calls are written alike."""
    match a, b:
        case (Known(value=one), Known(value=other)) | (ast.Constant(value=one), ast.Constant(value=other)):
            return type(one) is type(other) is int and one == other
        case Argument(), Argument():
            return a.column == b.column
        case Window(), Window():
            return a.windows == b.windows and _same_field(a.start, b.start)
        case ast.Name(id=one), ast.Name(id=other):
            return one == other
    if type(a) is not type(b) or not isinstance(a, PURE):
        return False
    fields = zip(ast.iter_fields(a), ast.iter_fields(b), strict=True)
    return all(_same_field(x, y) for (_, x), (_, y) in fields)


def _same_field(a: object, b: object) -> bool:
    match a, b:
        case ast.AST(), ast.AST():
            return _same(a, b)
        case list(), list():
            return len(a) == len(b) and all(map(_same_field, a, b))
    return a == b


def _affine_width(lowering: Lowering, lower: Number, low: ast.expr, high: ast.expr) -> int | None:
    """The difference of the bounds, where loop variables and the PE's numbers cancel out."""
    first = lowering.typed(lower, index, low).affine
    last = lowering.typed(lowering.scalar(high), index, high).affine
    if first is None or last is None:
        return None
    difference = last + first.scaled(-1)
    return None if any(difference.factors.values()) else difference.constant
