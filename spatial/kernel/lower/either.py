"""Lowers what is done in one of two ways, with values."""

import ast
from collections.abc import Callable, Sequence

from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import scf
from spatial.kernel.arrays.elementwise import joined_type
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Number, Scalar
from spatial.types.dtype import DType

__all__ = ["either"]

Way = Callable[[], Sequence[Number]]
Common = Callable[[int, Sequence[Number]], DType]


def either(
    lowering: Lowering, condition: Scalar, ways: tuple[Way, Way], node: ast.AST, common: Common | None = None
) -> list[Scalar]:
    """The values of the first way where the condition holds, else of the second, which has as many.

    Their types are what `common` says for each, else the smallest that hold both.
    """
    untyped = scf.IfOp(condition.value, [], has_else=True)
    outcomes: list[Sequence[Number]] = []
    definite = set(lowering.definite)
    for way, block in zip(ways, (untyped.then_block, untyped.else_block), strict=True):
        lowering.definite = set(definite)
        with lowering.guarded(block):
            outcomes.append(way())
    pairs = list(enumerate(zip(*outcomes, strict=True)))
    types = [common(n, pair) if common else joined_type(lowering, pair, node) for n, pair in pairs]
    typed = scf.IfOp(condition.value, [scalar_type(dtype) for dtype in types], has_else=True)
    blocks = ((untyped.then_block, typed.then_block), (untyped.else_block, typed.else_block))
    for values, (source, target) in zip(outcomes, blocks, strict=True):
        for op in list(source.operations):
            target.append(op)
        with lowering.guarded(target):
            scf.yield_([lowering.typed(v, t, node).value for v, t in zip(values, types, strict=True)])
    untyped.operation.erase()
    return [Scalar(result, dtype) for result, dtype in zip(typed.results, types, strict=True)]
