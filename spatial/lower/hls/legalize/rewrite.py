"""Writes a function anew for what its actors do to arrays from now on."""

import itertools
from collections.abc import Callable, Mapping, Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp
from spatial.ir.dtypes import memory_type, scalar_type
from spatial.ir.function import operations
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.location import location
from spatial.ir.mlir import arith, func, ir, memref
from spatial.lower.hls.legalize.boxes import part_of
from spatial.lower.hls.legalize.build import declare_table, local, nest
from spatial.lower.hls.legalize.changes import Change, Hand, Read, Start, Write
from spatial.lower.hls.legalize.positions import as_value, difference, following, replace, shifted
from spatial.lower.hls.legalize.work import Argument, Rewritten, Work, finished, sweep
from spatial.types.dtype import DType, bool_, index
from spatial.types.layout import Layout, whole
from spatial.types.tensor import TensorType, element_of, shape_of, size_of

__all__ = ["Firsts", "rewrite"]

Indices = Sequence[ir.Value]
Firsts = Mapping[tuple[int, int], int | tuple[str, int]]
"""By position and dimension where a box begins: a number, the ("value", position) that says so, ("new", ...)."""


def rewrite(
    function: func.FuncOp, name: str, changes: Sequence[Change], firsts: Firsts, starts: Sequence[Start] = ()
) -> Rewritten:
    """Adds a copy of the function, changed, at the insertion point. Changes come in the order of their arrays."""
    copy = function.operation.clone().opview
    work = Work(copy)
    made = [Rewrite(work, change, firsts) for change in changes]
    for each in made:
        with location(each.change.span):
            each.run()
    for start in starts:
        with location(start.span):
            put_first(work, start)
    for each in made:
        with location(each.change.span):
            each.hand()
    sweep(copy)
    return finished(function, copy, name, work)


def put_first(work: Work, start: Start) -> None:
    """Puts tokens before everything else."""
    channel, type_ = work.entry.arguments[start.position], start.type
    element = element_of(type_)
    block = None
    if isinstance(type_, TensorType):
        with work.top():
            block = local("token", type_)
    with work.front():
        for first in range(0, len(start.tokens), size_of(type_)):
            if block is not None:
                indices = itertools.product(*map(range, shape_of(type_)))
                for offset, at in enumerate(indices):
                    value = constant(element, start.tokens[first + offset])
                    memref.store(value, block, [constant(index, each) for each in at])
            PutOp(channel, constant(element, start.tokens[first]) if block is None else block)


class Rewrite:
    """One change of a function."""

    def __init__(self, work: Work, change: Change, firsts: Firsts) -> None:
        self.work = work
        self.change = change
        self.element = element_of(change.type)
        self.array = work.entry.arguments[change.position]
        self.firsts = {axis: firsts.get((change.position, axis), 0) for axis in range(len(change.box))}
        self.loops = [f"{change.array}_{axis}" for axis in range(len(change.box))]
        self.first: dict[int, ir.Value | int] = {}
        self.memory: ir.Value | None = None

    def run(self) -> None:
        """Changes the function."""
        if not (self.change.direct or self.change.copies):
            self.work.dropped.add(self.change.position)
        if self.change.buffered:
            self.buffer()
        elif self.change.read is Read.TABLE:
            self.replace_by_constant()
        elif self.change.read is Read.TAKE:
            self.take(self.channel("in"))
        elif self.change.write is Write.GIVE:
            self.give(self.channel("out"))

    def channel(self, role: str, type_: DType | TensorType | None = None) -> ir.Value:
        name = f"{self.change.array}_{role.split()[0]}"
        return self.work.argument(
            Argument(position=self.change.position, role=role, name=name, kind="stream", type=type_ or self.element)
        )

    def take(self, channel: ir.Value) -> None:
        for op in self.users():
            with ir.InsertionPoint(op), op.location:
                replace(op, GetOp(channel, scalar_type(self.element)).value)

    def give(self, channel: ir.Value) -> None:
        for op in self.users():
            with ir.InsertionPoint(op), op.location:
                PutOp(channel, op.operands[0])
            op.operation.erase()

    def users(self) -> list[ir.OpView]:
        """The operations that use the array, in the order of the text."""
        return [op for op in operations(self.work.entry) if self.array in list(op.operands)]

    def buffer(self) -> None:
        """Lets the function work on a buffer."""
        change = self.change
        self.first = {axis: self.bound(axis) for axis in self.firsts}
        type_ = change.token
        counts = shape_of(type_)
        with self.work.top():
            memory = self.memory = local(f"{change.array}_local", type_, change.storage)
            if layout := layout_of(self.array):
                cuts = (part_of(layout.cuts[axis], change.box[axis]) for axis in change.axes)
                give_layout(memory, Layout(cuts=tuple(cuts)))
                give_layout(self.array, whole(layout.shape))
            marks_type = TensorType(bool_, counts) if counts else bool_
            marks = local(f"{change.array}_written", marks_type) if change.write is Write.MASKED else None
        users = self.users()
        with self.work.front():
            self.prepare(memory, marks)
        for op in users:
            self.redirect(op, memory, marks)
        with self.work.end():
            self.conclude(memory, marks)

    def bound(self, axis: int) -> ir.Value | int:
        """Where the box begins."""
        match self.firsts[axis]:
            case int(number):
                return number
            case ("value", position):
                found: ir.Value = self.work.entry.arguments[position]
                return found
        name = f"{self.change.array}_first_{axis}"
        return self.work.argument(
            Argument(position=self.change.position, axis=axis, name=name, kind="value", type=index)
        )

    def prepare(self, memory: ir.Value, marks: ir.Value | None) -> None:
        match self.change.read:
            case Read.FILL:
                channel = self.channel("in")
                self.loop(lambda at: memref.store(self.got(channel), memory, self.inner(at)))
            case Read.BLOCK:
                self.take_block(self.channel("in", self.change.token), memory)
            case Read.BEGIN:
                self.begin(memory)
            case Read.COPY:
                self.loop(lambda at: memref.store(memref.load(self.array, self.outer(at)), memory, self.inner(at)))
        if marks is not None:
            self.loop(lambda at: self.unmarked(memory, marks, self.inner(at)))

    def take_block(self, channel: ir.Value, memory: ir.Value) -> None:
        """Fills a buffer with a token."""
        if self.change.axes:
            GetBlockOp(channel, memory)
        else:
            memref.store(self.got(channel), memory, [])

    def give_block(self, channel: ir.Value, memory: ir.Value) -> None:
        """Puts a buffer as a token."""
        PutOp(channel, memory if self.change.axes else memref.load(memory, []))

    def unmarked(self, memory: ir.Value, marks: ir.Value, at: list[ir.Value]) -> None:
        """An element that is not written yet; it is 0 where it was not read before, so that nothing is undefined."""
        memref.store(constant(bool_, 0), marks, at)
        if self.change.read is Read.NONE:
            memref.store(constant(self.element, 0), memory, at)

    def begin(self, memory: ir.Value) -> None:
        """Fills a buffer with the first values of the memory."""
        initial = self.change.initial
        if len(initial) > 1:
            table = self.table()
            self.loop(lambda at: memref.store(memref.load(table, self.outer(at)), memory, self.inner(at)))
        else:
            value = initial[0] if initial else 0
            self.loop(lambda at: memref.store(constant(self.element, value), memory, self.inner(at)))

    def table(self) -> ir.Value:
        """The first values of the memory, as a constant."""
        module = self.work.function.operation.parent.opview
        assert isinstance(self.change.type, TensorType)
        symbol = declare_table(module, self.change.type, self.change.initial)
        found: ir.Value = memref.get_global(memory_type(self.change.type), symbol)
        return found

    def replace_by_constant(self) -> None:
        """Lets the function read a constant."""
        if not isinstance(self.change.type, TensorType):
            for op in self.users():
                with ir.InsertionPoint(op), op.location:
                    replace(op, constant(self.element, (self.change.initial or (0,))[0]))
            return
        with self.work.top():
            table = self.table()
        for op in self.users():
            op.operation.replace_uses_of_with(self.array, table)

    def hand(self) -> None:
        """Lets parts of the buffer go with tokens."""
        for hand in self.change.hands:
            assert self.memory is not None
            channel, uses = self.channel(f"handed {hand.channel}"), self.work.entry.arguments[hand.channel].uses
            for op in [use.owner for use in uses]:
                behind = following(op)
                with ir.InsertionPoint(behind), op.location:
                    self.passed(channel, hand)

    def passed(self, channel: ir.Value, hand: Hand) -> None:
        """A nest that puts a part of the buffer into a channel, or fills it from there."""
        memory, box = self.memory, hand.box

        def body(at: Indices) -> None:
            found = [shifted(at[axis], box[axis]) for axis in self.change.axes]
            if hand.puts:
                PutOp(channel, memref.load(memory, found))
            else:
                memref.store(self.got(channel), memory, found)

        nest([each.count for each in box], self.loops, body)

    def conclude(self, memory: ir.Value, marks: ir.Value | None) -> None:
        match self.change.write:
            case Write.EMPTY:
                channel = self.channel("out")
                self.loop(lambda at: PutOp(channel, memref.load(memory, self.inner(at))))
            case Write.BLOCK:
                self.give_block(self.channel("out", self.change.token), memory)
            case Write.MASKED:
                assert marks is not None
                channel, written = self.channel("out"), self.channel("written", bool_)
                self.loop(lambda at: self.told(channel, written, memory, marks, self.inner(at)))
            case Write.COPY:
                self.loop(lambda at: memref.store(memref.load(memory, self.inner(at)), self.array, self.outer(at)))

    def told(self, channel: ir.Value, written: ir.Value, memory: ir.Value, marks: ir.Value, at: list[ir.Value]) -> None:
        PutOp(channel, memref.load(memory, at))
        PutOp(written, memref.load(marks, at))

    def got(self, channel: ir.Value) -> ir.Value:
        value: ir.Value = GetOp(channel, scalar_type(self.element)).value
        return value

    def loop(self, body: Callable[[Indices], object]) -> None:
        """A nest over the box."""

        def build(at: Indices) -> None:
            body(at)

        nest([each.count for each in self.change.box], self.loops, build)

    def inner(self, at: Indices) -> list[ir.Value]:
        """The indices in the buffer of an element of the box."""
        return [at[axis] for axis in self.change.axes]

    def outer(self, at: Indices) -> list[ir.Value]:
        """The indices in the array."""
        found = []
        for axis, each in enumerate(at):
            step, first = self.change.box[axis].step, self.first[axis]
            value = each if step == 1 else arith.muli(each, constant(index, step))
            if first != 0:
                value = arith.addi(as_value(first), value)
            found.append(value)
        return found

    def redirect(self, op: ir.OpView, memory: ir.Value, marks: ir.Value | None) -> None:
        """Lets an operation use the buffer."""
        if not isinstance(op, memref.LoadOp | memref.StoreOp):
            op.operation.replace_uses_of_with(self.array, memory)
            return
        indices = list(op.indices)
        with ir.InsertionPoint(op), op.location:
            at = [self.within(axis, indices[axis]) for axis in self.change.axes]
            if isinstance(op, memref.LoadOp):
                replace(op, memref.load(memory, at))
                return
            memref.store(op.operands[0], memory, at)
            if marks is not None:
                memref.store(constant(bool_, 1), marks, at)
        op.operation.erase()

    def within(self, axis: int, at: ir.Value) -> ir.Value:
        """The index in a dimension of the buffer for one in the array's."""
        found = at if self.first[axis] == 0 else difference(at, self.first[axis])
        step = self.change.box[axis].step
        return found if step == 1 else arith.divsi(found, constant(index, step))
