"""How much a slice takes whose bounds are only known while the program runs."""

import ast

from spatial.kernel.lowering import Lowering
from spatial.kernel.values import Number
from spatial.meta.plain import Argument, Known, Window
from spatial.types.dtype import index

__all__ = ["taken_from"]


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
            starts = (a.start is None and b.start is None) or (a.start and b.start and _same(a.start, b.start))
            return bool(starts) and a.windows == b.windows
        case ast.Name(id=one), ast.Name(id=other):
            return one == other
        case (ast.BinOp(), ast.BinOp()) | (ast.Subscript(), ast.Subscript()) | (ast.Attribute(), ast.Attribute()):
            pairs = list(zip(ast.iter_fields(a), ast.iter_fields(b), strict=True))
            return all(_same(x, y) if isinstance(x, ast.AST) else x == y for (_, x), (_, y) in pairs)
    return isinstance(a, ast.operator | ast.expr_context) and type(a) is type(b)


def _affine_width(lowering: Lowering, lower: Number, low: ast.expr, high: ast.expr) -> int | None:
    """The difference of the bounds, where loop variables and the PE's numbers cancel out."""
    first = lowering.typed(lower, index, low).affine
    last = lowering.typed(lowering.scalar(high), index, high).affine
    if first is None or last is None:
        return None
    difference = last + first.scaled(-1)
    return None if any(difference.factors.values()) else difference.constant
