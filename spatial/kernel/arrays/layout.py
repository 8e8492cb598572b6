"""Arrays seen in another order or shape."""

import ast
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, ir
from spatial.kernel.arrays.tensor import tensor_of
from spatial.kernel.errors import ShapeMismatch
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import ArrayValue, Position, Scalar, Tensor
from spatial.types.dtype import index

__all__ = ["reshaped", "transposed"]

NSW = {"overflow_flags": arith.IntegerOverflowFlags.nsw}


def transposed(lowering: Lowering, value: ArrayValue, axes: Sequence[int] | None, node: ast.AST) -> Tensor:
    """The array with its axes in another order, reversed where none is given; nothing is copied."""
    tensor = tensor_of(lowering, value, node)
    rank = len(tensor.shape)
    order = tuple(reversed(range(rank))) if axes is None else tuple(axis + rank * (axis < 0) for axis in axes)
    if sorted(order) != list(range(rank)):
        title = f"axes {list(axes or ())} are no order of the axes of shape {list(tensor.shape)}"
        hint = f"name each once, as in {tuple(reversed(range(rank)))}"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=lowering.spans(node), hint=hint))
    shape = tuple(tensor.shape[axis] for axis in order)
    return _moved(tensor, shape, lambda at: [at[order.index(axis)] for axis in range(rank)])


def reshaped(lowering: Lowering, value: ArrayValue, shape: Sequence[int], node: ast.AST) -> Tensor:
    """The elements in C order in another shape, of which one extent may be -1; nothing is copied."""
    tensor = tensor_of(lowering, value, node)
    size, given = math.prod(tensor.shape), math.prod(extent for extent in shape if extent != -1)
    free = list(shape).count(-1)
    if free > 1 or any(extent < 1 != -extent for extent in shape) or (size % given if free else size != given):
        title = f"{size} elements of shape {list(tensor.shape)} do not make the shape {list(shape)}"
        hint = f"the extents multiply to {size}; -1 stands for one that is left open"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=lowering.spans(node), hint=hint))
    wanted = tuple(size // given if extent == -1 else extent for extent in shape)
    groups = list(_groups(tensor.shape, wanted))

    def source(at: Position) -> list[ir.Value]:
        found: list[ir.Value] = []
        for own, new, first in groups:
            found += _split(_joined(at[first : first + len(new)], new), own)
        return found

    return _moved(tensor, wanted, source)


def _moved(tensor: Tensor, shape: tuple[int, ...], source: Callable[[Position], list[ir.Value]]) -> Tensor:
    """The tensor read at other positions."""

    def element(at: Position) -> Scalar:
        return tensor.element(source(at))

    reads = tuple(replace(read, aligned=False) for read in tensor.reads)
    return replace(tensor, shape=shape, element=element, reads=reads)


def _groups(own: tuple[int, ...], new: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], int]]:
    """The shortest runs of axes of both shapes that have equally many elements, and where the new ones begin."""
    i = j = 0
    while i < len(own) or j < len(new):
        begin, first = i, j
        i, j = min(i + 1, len(own)), min(j + 1, len(new))
        while (a := math.prod(own[begin:i])) != (b := math.prod(new[first:j])):
            i, j = (i + 1, j) if a < b else (i, j + 1)
        yield own[begin:i], new[first:j], first


def _joined(at: Position, extents: tuple[int, ...]) -> ir.Value:
    """The number of an element in C order."""
    total: ir.Value | None = None
    for place, extent in zip(at, extents, strict=True):
        if extent == 1:
            continue
        total = place if total is None else arith.addi(arith.muli(total, constant(index, extent), **NSW), place, **NSW)
    return constant(index, 0) if total is None else total


def _split(number: ir.Value, extents: tuple[int, ...]) -> list[ir.Value]:
    """The position of an element from its number in C order."""
    found: list[ir.Value] = []
    inner = math.prod(extents)
    outermost = True
    for extent in extents:
        inner //= extent
        if extent == 1:
            found.append(constant(index, 0))
            continue
        place = number if inner == 1 else arith.divui(number, constant(index, inner))
        found.append(place if outermost else arith.remui(place, constant(index, extent)))
        outermost = False
    return found
