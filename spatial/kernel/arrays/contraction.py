"""Lowers `@`."""

import ast

from spatial.kernel.arrays.reduction import Fold, accumulator, added, fold
from spatial.kernel.arrays.tensor import broadcast, broadcast_shape, result_type, stored
from spatial.kernel.errors import ShapeMismatch, WrongUse
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.operators import Operand, operate
from spatial.kernel.lower.values import ArrayValue, Number, Position, Scalar, Single, Tensor
from spatial.types.arithmetic import Operator, common_type
from spatial.types.dtype import DType, is_float

__all__ = ["matmul"]


def matmul(lowering: Lowering, left: Single, right: Single, node: ast.AST) -> Single:
    """`left @ right` of vectors, matrices, or stacks of matrices that broadcast; a cycle for each product.

    Operands that are computed are computed once, into local arrays.
    """
    for value in (left, right):
        if not isinstance(value, ArrayValue):
            title, hint = "`@` multiplies arrays, this is a number", "write `*`"
            raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    assert isinstance(left, ArrayValue)
    assert isinstance(right, ArrayValue)
    a, b = stored(lowering, left, "left", node), stored(lowering, right, "right", node)
    inner = a.shape[-1]
    if b.shape[max(0, len(b.shape) - 2)] != inner:
        title = f"`@` cannot multiply shapes {list(a.shape)} and {list(b.shape)}"
        hint = "the last extent of the left is the last but one of the right: `[M, K] @ [K, N]`"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=lowering.spans(node), hint=hint))
    operands = Operands(lowering, a, b, node)
    dtype = accumulator(lowering, operands.product_type(None), inner, node)
    term = operands.products(dtype)
    how = Fold(name="product", dtype=dtype, combine=added(lowering, dtype, node), finish=lambda total: total)
    return fold(lowering, term, [len(term.shape) - 1], how, node)


class Operands:
    """The two sides of an `@`."""

    def __init__(self, lowering: Lowering, left: Tensor, right: Tensor, node: ast.AST) -> None:
        self.lowering = lowering
        self.node = node
        self.rows = left.shape[-2:-1]
        self.columns = right.shape[-1:] if len(right.shape) > 1 else ()
        self.stack: tuple[int, ...] = ()
        stacks = [side.shape[:-2] for side in (left, right)]
        if any(stacks):
            self.stack = broadcast_shape(lowering, stacks, node)
        self.left = broadcast(left, self.stack + left.shape[-2:])
        self.right = broadcast(right, self.stack + right.shape[-2:])

    def product_type(self, total: DType | None) -> DType:
        """The type of a product on the way to a total."""
        return result_type(
            self.lowering,
            [self.left.dtype, self.right.dtype],
            lambda numbers: self.product(numbers[0], numbers[1], total),
        )

    def product(self, left: Number, right: Number, total: DType | None) -> Scalar:
        """A product; for a float total its factors are converted first, so that it is as precise as the total."""
        a, b = self.lowering.settled(left, self.node), self.lowering.settled(right, self.node)
        if total is not None and is_float(total):
            a, b = (self.lowering.typed(each, common_type(each.dtype, total) or total, self.node) for each in (a, b))
        return operate(self.lowering, Operator.MUL, Operand(a, self.node), Operand(b, self.node), self.node)

    def products(self, total: DType) -> Tensor:
        """All products, the factors' common axis last."""
        depth, rows = len(self.stack), len(self.rows)

        def element(at: Position) -> Scalar:
            stack, row, column, inner = at[:depth], at[depth : depth + rows], at[depth + rows : -1], at[-1:]
            left = self.left.element([*stack, *row, *inner])
            right = self.right.element([*stack, *inner, *column])
            return self.product(left, right, total)

        shape = (*self.stack, *self.rows, *self.columns, self.left.shape[-1])
        reads = (*self.left.reads, *self.right.reads)
        return Tensor(shape=shape, dtype=self.product_type(total), element=element, reads=reads)
