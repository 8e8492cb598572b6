"""For which type an expression is computed."""

import ast

from spatial.kernel.lower.lowering import Lowering
from spatial.types.dtype import DType

__all__ = ["aim"]

MODULAR = (ast.Add, ast.Sub, ast.Mult)


def aim(lowering: Lowering, node: ast.expr, dtype: DType) -> None:
    """Notes that a value becomes a `dtype`: reductions and `@` accumulate in it.

    It reaches the operands of `+`, `-` and `*`, where wrapping sooner or later makes no difference, both sides of a
    conditional, and what is transposed or reshaped; a cast inside has its own.
    """
    lowering.destinations[node] = dtype
    match node:
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, MODULAR):
            parts = [left, right]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            parts = [operand]
        case ast.IfExp(body=body, orelse=orelse):
            parts = [body, orelse]
        case ast.Attribute(value=value, attr="T"):
            parts = [value]
        case ast.Call(func=ast.Attribute(value=value, attr="reshape" | "transpose")):
            parts = [value]
        case _:
            parts = []
    for part in parts:
        aim(lowering, part, dtype)
