"""Copies arrays from memory to memory of a core."""

from collections.abc import Callable, Sequence

from spatial.ir.mlir import arith, ir, memref, scf
from spatial.lower.aie.emit.body import Memory, from_bits, to_bits
from spatial.lower.aie.emit.numbers.held import integer
from spatial.lower.aie.emit.storage import Storage

__all__ = ["copy", "nest"]


def copy(source: Memory, target: Memory) -> None:
    """Copies all elements; both have the same shape, but for a ring's first dimension and rows that fill up."""

    def inner(places: Sequence[ir.Value]) -> None:
        element = memref.load(source.value, [*source.first, *places])
        made = _converted(element, source.storage, target.storage)
        memref.store(made, target.value, [*target.first, *places])

    shapes = (list(each.value.type.shape)[len(each.first) :] for each in (source, target))
    nest([min(extents) for extents in zip(*shapes, strict=True)], inner)


def nest(shape: Sequence[int], inner: Callable[[Sequence[ir.Value]], None], done: Sequence[ir.Value] = ()) -> None:
    """Loops over all places of an array."""
    if not shape:
        inner(done)
        return
    low, high, step = (arith.constant(ir.IndexType.get(), number) for number in (0, shape[0], 1))
    loop = scf.ForOp(low, high, step)
    with ir.InsertionPoint(loop.body):
        nest(shape[1:], inner, (*done, loop.induction_variable))
        scf.YieldOp([])


def _converted(element: ir.Value, source: Storage, target: Storage) -> ir.Value:
    """An element that lies in memory in one way as it lies in the other."""
    if element.type == target.element:
        return element
    if not isinstance(element.type, ir.IntegerType) or not isinstance(target.element, ir.IntegerType):
        kind = target.element if not isinstance(target.element, ir.IntegerType) else element.type
        return from_bits(element, kind) if kind == target.element else to_bits(element, target.element)
    if int(element.type.width) > int(target.element.width):
        return arith.trunci(target.element, element)
    extend = arith.extsi if source.signed else arith.extui
    return extend(integer(int(target.element.width)), element)
