"""Gives a local array other dimensions."""

import math
from collections.abc import Sequence

from spatial.ir.layouts import layout_of
from spatial.ir.mlir import func, ir, memref
from spatial.schedule.copying import erase_unused
from spatial.schedule.indices import Index, divided, known, plus, remainder, times, value_of
from spatial.schedule.memory.requests import array_shape, buffer_name, refused, wrong
from spatial.schedule.memory.staging import in_place_of

__all__ = ["reshape"]

Group = tuple[range, range]
"""Dimensions, and those that hold the same elements from then on."""


def reshape(function: func.FuncOp, buffer: ir.Value, shape: Sequence[int]) -> ir.Value:
    """Gives a local array other dimensions with as many elements, in the same order; the array.

    Only its indices change: dimensions that are put together become a sum, one that is cut apart a quotient and a
    remainder.
    """
    before = array_shape(buffer, "reshape")
    after = _checked(buffer, before, shape)
    _check_local(buffer)
    groups = _groups(before, after)
    made = in_place_of(function, buffer, after)
    for use in list(buffer.uses):
        op = use.owner
        with ir.InsertionPoint(op), op.location:
            at = _indices(list(op.indices), before, after, groups)
            if isinstance(op, memref.LoadOp):
                op.result.replace_all_uses_with(memref.load(made, at))
            else:
                memref.store(op.operands[0], made, at)
        indices = list(op.indices)
        op.operation.erase()
        erase_unused(indices)
    buffer.owner.erase()
    return made


def _checked(buffer: ir.Value, before: tuple[int, ...], shape: Sequence[int]) -> tuple[int, ...]:
    name = buffer_name(buffer)
    plain = isinstance(shape, Sequence) and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in shape)
    if not plain or not shape:
        raise wrong(f"`reshape` takes the extents of `{name}`, this is {shape!r}", f"write `[{math.prod(before)}]`")
    if math.prod(shape) != math.prod(before):
        title = f"`{name}` has {math.prod(before)} elements, {list(shape)} are {math.prod(shape)}"
        raise refused(title, [(buffer, f"it is {list(before)}")])
    return tuple(shape)


def _check_local(buffer: ir.Value) -> None:
    name = buffer_name(buffer)
    if isinstance(buffer.owner, ir.Block):
        title = f"`reshape` changes arrays of the function's own, `{name}` is given to it"
        hint = f"copy it first: `s.cache_read(s.{name})`, and give the copy another shape"
        raise refused(title, [(buffer, "given here")], hint)
    if layout_of(buffer):
        title = f"`{name}` is cut into banks along dimensions that `reshape` would change"
        raise refused(title, [(buffer, f"it is cut as {layout_of(buffer)}")], "reshape first, then partition")
    for use in buffer.uses:
        if not isinstance(use.owner, memref.LoadOp | memref.StoreOp):
            title = f"`reshape` takes arrays of which single elements are used, `{name}` is used whole"
            raise refused(title, [(use.owner, "used whole here")])


def _groups(before: Sequence[int], after: Sequence[int]) -> list[Group]:
    """The least groups of dimensions that hold the same elements, in order."""
    found: list[Group] = []
    old = new = first = start = 0
    while old < len(before) or new < len(after):
        old, new = old + (old < len(before)), new + (new < len(after))
        while (sizes := (math.prod(before[first:old]), math.prod(after[start:new])))[0] != sizes[1]:
            old, new = old + (sizes[0] < sizes[1]), new + (sizes[0] > sizes[1])
        found.append((range(first, old), range(start, new)))
        first, start = old, new
    return found


def _indices(
    indices: Sequence[ir.Value], before: Sequence[int], after: Sequence[int], groups: Sequence[Group]
) -> list[ir.Value]:
    """The indices of an element in the new dimensions, made at the insertion point."""
    made: list[ir.Value] = []
    for old, new in groups:
        position: Index = 0
        for dimension in old:
            number = known(indices[dimension])
            index: Index = indices[dimension] if number is None else number
            position = plus(times(position, before[dimension]), index)
        stride = math.prod(after[dimension] for dimension in new)
        for dimension in new:
            within = position if dimension == new.start else remainder(position, stride)
            stride //= after[dimension]
            made.append(value_of(divided(within, stride)))
    return made
