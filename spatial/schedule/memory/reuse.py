"""Buffers of what consecutive iterations of a loop share: lines and windows that shift."""

from collections.abc import Sequence
from dataclasses import replace

from spatial.ir.function import operations, stores
from spatial.ir.mlir import func, ir, memref, scf
from spatial.schedule.indices import Index, plus, value_of
from spatial.schedule.memory.buffers import check_others
from spatial.schedule.memory.footprint import Footprint, Side, footprint_of, taken_by
from spatial.schedule.memory.requests import array_shape, buffer_name, counting, refused
from spatial.schedule.memory.staging import Staged, copy_box, origin_of
from spatial.schedule.naming import loop_name

__all__ = ["reuse_at"]

Box = Sequence[Side]


def reuse_at(function: func.FuncOp, buffer: ir.Value, loop: ir.OpView) -> ir.Value:
    """Keeps what the next iteration of a loop reads of an array again; the buffer, of which only what is new is read.

    The buffer is the box that one iteration reads. Before the loop it is filled with what the first iteration shares
    with none; at the beginning of each it shifts along the dimension in which the box moves, and takes in what
    is new. Refused where the array is stored to in the loop, where the box does not move along one dimension, or where
    consecutive boxes share nothing.
    """
    array_shape(buffer, "reuse_at")
    moving = _counting(loop)
    body: ir.Block = moving.body
    _check_read_only(buffer, body)
    found = footprint_of(buffer, body, "reuse_at")
    check_others(function, buffer, body, found, "reuse_at")
    dimension, stride = _moves(buffer, found, moving)
    staged = Staged(function, buffer, found.box, f"{buffer_name(buffer)}_window")
    _begin(function, staged, moving, dimension, stride)
    with ir.InsertionPoint.at_block_begin(body), moving.location:
        _advance(function, staged, dimension, stride)
    for access in found.accesses:
        staged.redirect(access)
    return staged.buffer


def _counting(loop: ir.OpView) -> scf.ForOp:
    found, name = counting(loop, "reuse_at"), loop_name(loop)
    if not taken_by(found.induction_variable):
        title = f"`reuse_at` needs to know where `{name}` begins, and that it has an iteration"
        raise refused(title, [(loop, "its bounds are no constants, or leave nothing to do")])
    return found


def _check_read_only(buffer: ir.Value, body: ir.Block) -> None:
    for op in operations(body):
        if buffer in list(op.operands) and stores(op):
            name = buffer_name(buffer)
            raise refused(f"`reuse_at` keeps what is only read, `{name}` is not", [(op, "stored here")])


def _moves(buffer: ir.Value, found: Footprint, loop: scf.ForOp) -> tuple[int, int]:
    """The dimension along which the box moves, and by how much in an iteration."""
    variable, name, title = loop.induction_variable, buffer_name(buffer), loop_name(loop)
    moving = [n for n, side in enumerate(found.box) if side.outer.get(variable)]
    place = [(found.accesses[0].op, "read here"), (loop, "the loop")]
    if len(moving) != 1:
        along = "no dimension" if not moving else f"{len(moving)} dimensions"
        told = (
            f"`reuse_at` needs a part of `{name}` that moves along one dimension, with `{title}` it moves along {along}"
        )
        raise refused(told, place, f"`buffer_at` copies all that an iteration of `{title}` uses")
    side = found.box[moving[0]]
    stride = side.outer[variable] * _step(loop)
    if not 0 < stride < side.extent:
        shared = "backwards" if stride < 0 else f"by {stride}, of {side.extent}"
        told = f"consecutive iterations of `{title}` share nothing of `{name}` that `reuse_at` could keep"
        raise refused(
            told, [(found.accesses[0].op, f"an iteration moves on {shared} along dimension {moving[0]}"), place[1]]
        )
    return moving[0], stride


def _step(loop: scf.ForOp) -> int:
    taken = taken_by(loop.induction_variable)
    return taken.step if taken else 1


def _begin(function: func.FuncOp, staged: Staged, loop: scf.ForOp, dimension: int, stride: int) -> None:
    """Fills what the first iteration shifts, before the loop."""
    taken = taken_by(loop.induction_variable)
    assert taken
    kept = staged.box[dimension].extent - stride
    first = [_at(side, loop.induction_variable, taken.start) for side in staged.box]
    part = [replace(side, high=side.low + kept - 1) if n == dimension else side for n, side in enumerate(first)]
    with ir.InsertionPoint(loop), loop.location:
        origin = origin_of(first)

        def body(at: Sequence[Index]) -> None:
            taken_in = memref.load(staged.memory, _sum(origin, at))
            memref.store(taken_in, staged.buffer, staged.within(_moved(at, dimension, stride)))

        copy_box(function, part, buffer_name(staged.buffer), body)


def _advance(function: func.FuncOp, staged: Staged, dimension: int, stride: int) -> None:
    """Shifts the buffer and takes in what is new, at the insertion point."""
    extent = staged.box[dimension].extent
    origin = origin_of(staged.box)
    line = [replace(side, high=side.low) if n == dimension else side for n, side in enumerate(staged.box)]

    def body(at: Sequence[Index]) -> None:
        for row in range(extent):
            here = _moved(at, dimension, row)
            if row < extent - stride:
                element = memref.load(staged.buffer, staged.within(_moved(here, dimension, stride)))
            else:
                element = memref.load(staged.memory, _sum(origin, here))
            memref.store(element, staged.buffer, staged.within(here))

    copy_box(function, line, buffer_name(staged.buffer), body)


def _at(side: Side, variable: ir.Value, number: int) -> Side:
    """Where a box lies when a variable of outside is a number."""
    offset = side.outer.get(variable, 0) * number
    outer = {value: times for value, times in side.outer.items() if value != variable}
    return replace(side, outer=outer, low=side.low + offset, high=side.high + offset)


def _moved(at: Sequence[Index], dimension: int, by: int) -> list[Index]:
    return [plus(each, by) if n == dimension else each for n, each in enumerate(at)]


def _sum(origin: Sequence[Index], at: Sequence[Index]) -> list[ir.Value]:
    return [value_of(plus(first, each)) for first, each in zip(origin, at, strict=True)]
