"""Buffers of what consecutive iterations of a loop share: lines and windows that shift."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from spatial.ir.function import operations, stores
from spatial.ir.mlir import func, ir, memref, scf
from spatial.schedule.copying import erase_unused
from spatial.schedule.indices import Index, plus, value_of
from spatial.schedule.memory.buffers import check_others
from spatial.schedule.memory.footprint import Footprint, Side, footprint_of, taken_by
from spatial.schedule.memory.requests import array_shape, buffer_name, counting, refused
from spatial.schedule.memory.staging import Staged, copy_box, origin_of
from spatial.schedule.naming import loop_name

__all__ = ["reuse_at"]

SMALL = 16  # elements that shift at once, so that the loop around them can be pipelined

Indices = Sequence[Index]


def reuse_at(function: func.FuncOp, buffer: ir.Value, loop: ir.OpView) -> ir.Value:
    """Keeps what the next iteration of a loop reads of an array again; the buffer, of which only what is new is read.

    The buffer is the box that one iteration reads. Before the loop it is filled with what the first iteration would
    find; each iteration takes in what is new, and the buffer shifts along the dimension in which the box moves, without
    a loop where at most 16 elements do. Refused where the array is stored to in the loop, where the box does not move
    along one dimension, or where consecutive boxes share nothing.
    """
    array_shape(buffer, "reuse_at")
    moving = _counting(loop)
    body: ir.Block = moving.body
    _check_read_only(buffer, body)
    found = footprint_of(buffer, body, "reuse_at")
    check_others(function, buffer, body, found, "reuse_at")
    dimension, stride = _moves(buffer, found, moving)
    staged = Staged(function, buffer, found.box, f"{buffer_name(buffer)}_window")
    window = _Window(function, staged, dimension, stride)
    window.begin(moving)
    with ir.InsertionPoint.at_block_begin(body), moving.location:
        window.take_in()
    indices = [index for access in found.accesses for index in staged.redirect(access)]
    with ir.InsertionPoint.at_block_terminator(body), moving.location:
        window.end()
    erase_unused(indices)
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


class _Window:
    """A buffer that moves along a dimension by a stride in each iteration.

    A few elements shift at the end of an iteration, side by side with what else it does; lines shift in the loop at its
    beginning that takes in what is new.
    """

    def __init__(self, function: func.FuncOp, staged: Staged, dimension: int, stride: int) -> None:
        self.function = function
        self.staged = staged
        self.dimension = dimension
        self.stride = stride
        self.kept = staged.box[dimension].extent - stride
        self.line = [replace(side, high=side.low) if n == dimension else side for n, side in enumerate(staged.box)]
        self.few = math.prod(side.extent for side in self.line) <= SMALL

    def begin(self, loop: scf.ForOp) -> None:
        """Fills, before the loop, what its first iteration finds there."""
        taken = taken_by(loop.induction_variable)
        assert taken
        box, staged = self.staged.box, self.staged
        first = [_at(side, loop.induction_variable, taken.start) for side in box]
        part = [
            replace(side, high=side.low + self.kept - 1) if n == self.dimension else side
            for n, side in enumerate(first)
        ]
        with ir.InsertionPoint(loop), loop.location:
            origin = origin_of(first)

            def body(at: Indices) -> None:
                element = memref.load(staged.memory, [value_of(plus(*pair)) for pair in zip(origin, at, strict=True)])
                memref.store(element, staged.buffer, staged.within(self.moved(at, 0 if self.few else self.stride)))

            copy_box(self.function, part, buffer_name(staged.buffer), body)

    def take_in(self) -> None:
        """Reads what is new, at the insertion point; lines shift before."""
        origin = origin_of(self.staged.box)

        def body(at: Indices) -> None:
            if not self.few:
                self.shift(at)
            for row in range(self.kept, self.kept + self.stride):
                self.staged.copy(self.moved(at, row), origin, inward=True)

        self.over_line(body)

    def end(self) -> None:
        """Shifts a few elements, at the insertion point."""
        if self.few:
            self.over_line(self.shift)

    def shift(self, at: Indices) -> None:
        """Moves what is used again at one place of a line."""
        staged = self.staged
        for row in range(self.kept):
            element = memref.load(staged.buffer, staged.within(self.moved(at, row + self.stride)))
            memref.store(element, staged.buffer, staged.within(self.moved(at, row)))

    def over_line(self, body: Callable[[Indices], None]) -> None:
        """Loops over the dimensions along which the box does not move; without any where they are few."""
        copy_box(self.function, self.line, buffer_name(self.staged.buffer), body, written_out=self.few)

    def moved(self, at: Indices, by: int) -> list[Index]:
        """Indices of the box further on."""
        return [plus(each, by) if n == self.dimension else each for n, each in enumerate(at)]


def _at(side: Side, variable: ir.Value, number: int) -> Side:
    """Where a box lies when a variable of outside is a number."""
    offset = side.outer.get(variable, 0) * number
    outer = {value: times for value, times in side.outer.items() if value != variable}
    return replace(side, outer=outer, low=side.low + offset, high=side.high + offset)
