"""Where the elements of a view lie in memory."""

from collections.abc import Callable, Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.kernel.lower.values import Array, Dimension, Scalar, View
from spatial.types.dtype import index

__all__ = ["load", "memory_extents", "moved", "nest", "place", "store", "view_of"]


def view_of(value: Array | View) -> View:
    """The whole of an array as a view."""
    if isinstance(value, View):
        return value
    return View(value, tuple(Dimension(None, extent, 1) for extent in value.type.shape))


def memory_extents(array: Array) -> list[int]:
    """The extents of the dimensions of memory that those of the array lie in."""
    extents = list(array.memory.type.shape)
    if not array.origin:
        return extents
    return [extent for extent, origin in zip(extents, array.origin, strict=True) if origin.kept]


def load(view: View, at: Sequence[ir.Value]) -> Scalar:
    """The element of a view at a position of its own."""
    return Scalar(memref.load(view.array.memory, place(view, at)), view.array.type.element)


def store(view: View, at: Sequence[ir.Value], value: Scalar) -> None:
    """Writes the element of a view at a position of its own."""
    memref.store(value.value, view.array.memory, place(view, at))


def place(view: View, at: Sequence[ir.Value]) -> list[ir.Value]:
    """Where in its memory an element of a view lies."""
    free, position = iter(at), []
    for dimension in view.dimensions:
        start = dimension.start
        if dimension.extent is not None:
            start = moved(start, next(free), dimension.step)
        position.append(start if start is not None else constant(index, 0))
    return _within(view.array, position)


def _within(array: Array, position: list[ir.Value]) -> list[ir.Value]:
    """Where in its memory an element of an array lies."""
    if not array.origin:
        return position
    given = iter(position)
    return [_placed(origin.offset, next(given) if origin.kept else None) for origin in array.origin]


def _placed(offset: ir.Value | None, position: ir.Value | None) -> ir.Value:
    if offset is None or position is None:
        known = position if offset is None else offset
        return constant(index, 0) if known is None else known
    return moved(offset, position, 1)


def moved(start: ir.Value | None, by: ir.Value, step: int) -> ir.Value:
    """An index `by` steps behind `start`, which is None where it is 0."""
    offset = by if step == 1 else arith.muli(by, constant(index, step), overflow_flags=arith.IntegerOverflowFlags.nsw)
    return offset if start is None else arith.addi(start, offset, overflow_flags=arith.IntegerOverflowFlags.nsw)


def nest(shape: tuple[int, ...], body: Callable[[list[ir.Value]], None], at: Sequence[ir.Value] = ()) -> None:
    """A loop over every position of a shape."""
    if not shape:
        body(list(at))
        return
    loop = scf.ForOp(constant(index, 0), constant(index, shape[0]), constant(index, 1))
    with ir.InsertionPoint(loop.body):
        nest(shape[1:], body, (*at, loop.induction_variable))
        scf.yield_([])
