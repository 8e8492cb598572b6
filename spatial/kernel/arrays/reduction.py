"""Arrays and numbers that are folded from many elements."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.kernel.arrays.tensor import result_type
from spatial.kernel.arrays.views import nest
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.operators import Operand, operate
from spatial.kernel.lower.values import Folded, Position, Scalar, Single, Sink, Tensor
from spatial.types.arithmetic import Operator
from spatial.types.dtype import Bool, DType, UInt, index, is_float

__all__ = ["Fold", "accumulator", "added", "are", "fold", "number"]

Combine = Callable[[Scalar, Scalar], Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """How elements become one: each is converted to `dtype` and combined with what there is so far, in order.

    `finish` makes the outcome of the last.
    """

    name: str
    dtype: DType
    combine: Combine
    finish: Callable[[Scalar], Scalar]


def fold(
    lowering: Lowering, term: Tensor, axes: Sequence[int], how: Fold, node: ast.AST, *, keeps: bool = False
) -> Single:
    """Folds the elements along some axes, each run of them in the order of their indices.

    Where the result `keeps` these axes, it has one element along each. The nest has a loop for each axis, the folded
    ones inside, and takes a cycle for each element of `term`.
    """
    kept = [axis for axis in range(len(term.shape)) if axis not in axes]
    order = [*kept, *axes]
    shape = tuple(1 if axis in axes else extent for axis, extent in enumerate(term.shape) if keeps or axis in kept)

    def fill(sink: Sink) -> None:
        def kept_sink(at: Position, value: Scalar) -> None:
            places = iter(at)
            sink([constant(index, 0) if axis in axes else next(places) for axis in range(len(term.shape))], value)

        with lowering.at(node):
            _nest(lowering, term, order, len(kept), how, kept_sink if keeps else sink, node)

    reads = tuple(replace(read, aligned=False) for read in term.reads)
    dtype = result_type(lowering, [how.dtype], lambda numbers: how.finish(lowering.settled(numbers[0], node)))
    folded = Folded(name=how.name, shape=shape, dtype=dtype, fill=fill, reads=reads)
    return folded if shape else number(folded)


def number(folded: Folded) -> Scalar:
    """What a value of rank 0 is, computed now."""
    found: list[Scalar] = []
    folded.fill(lambda at, value: found.append(value))
    return found[0]


def accumulator(lowering: Lowering, element: DType, count: int, node: ast.AST) -> DType:
    """What `count` elements are added up in: the type of the destination, else one that holds every sum.

    The destination counts where it takes such elements without a cast. A float stays what it is, bools count as
    integers of one bit.
    """
    wanted = lowering.destinations.get(node)
    if wanted is not None and not isinstance(wanted, Bool) and (is_float(wanted) or not is_float(element)):
        return wanted

    def sum_of(a: Scalar, b: Scalar) -> Scalar:
        return _sum(lowering, a, b, node)

    dtype: DType = UInt(1) if isinstance(element, Bool) else element
    for _ in range((count - 1).bit_length()):
        dtype = result_type(lowering, [dtype, dtype], lambda numbers: sum_of(*map(_scalar, numbers)))
    return dtype


def added(lowering: Lowering, dtype: DType, node: ast.AST) -> Combine:
    """Addition that stays in a type."""
    return lambda total, value: lowering.typed(_sum(lowering, total, value, node), dtype, node)


def _sum(lowering: Lowering, a: Scalar, b: Scalar, node: ast.AST) -> Scalar:
    return operate(lowering, Operator.ADD, Operand(a, node), Operand(b, node), node)


def _scalar(number: object) -> Scalar:
    assert isinstance(number, Scalar), "what stands for a type is typed"
    return number


def _nest(
    lowering: Lowering, term: Tensor, order: Sequence[int], kept: int, how: Fold, sink: Sink, node: ast.AST
) -> None:
    """The loops; what is folded so far lies in a cell."""
    cell = lowering.allocate(how.dtype, how.name)
    extents = tuple(term.shape[axis] for axis in order)

    def step(at: Position) -> None:
        position = [at[order.index(axis)] for axis in range(len(order))]
        value = lowering.typed(term.element(position), how.dtype, node)
        before = Scalar(memref.load(cell, []), how.dtype)
        begins = are(at[kept:], [0] * len(extents[kept:]))
        total = Scalar(arith.select(begins, value.value, how.combine(before, value).value), how.dtype)
        memref.store(total.value, cell, [])
        if kept:
            ends = scf.IfOp(are(at[kept:], [extent - 1 for extent in extents[kept:]]), [], has_else=False)
            with lowering.guarded(ends.then_block):
                sink(at[:kept], how.finish(total))
                scf.yield_([])

    nest(extents, step)
    if not kept:
        sink([], how.finish(Scalar(memref.load(cell, []), how.dtype)))


def are(at: Position, numbers: Sequence[int]) -> ir.Value:
    """Whether a position is this one."""
    equal = [
        arith.cmpi(arith.CmpIPredicate.eq, place, constant(index, number))
        for place, number in zip(at, numbers, strict=True)
    ]
    result = equal[0]
    for each in equal[1:]:
        result = arith.andi(result, each)
    return result
