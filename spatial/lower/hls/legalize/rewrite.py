"""Writes a function anew for what its actors do to arrays from now on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetOp, PutOp, WithinOp
from spatial.ir.dtypes import scalar_type
from spatial.ir.function import operations, parameter_attribute, parameters
from spatial.ir.location import location
from spatial.ir.mlir import arith, func, ir, memref
from spatial.lower.hls.legalize.build import channel_type, local, nest
from spatial.lower.hls.legalize.changes import Change, Read, Write
from spatial.types.dtype import DType, bool_, index
from spatial.types.tensor import TensorType

__all__ = ["Argument", "Firsts", "Rewritten", "rewrite"]

Indices = Sequence[ir.Value]
Firsts = Mapping[tuple[int, int], int | tuple[str, int]]
"""By position and dimension where a box begins: a number, the ("value", position) that says so, ("new", ...)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A new parameter for the array at a position: a channel for its `role` ("in", "out", "written").

    Or a value, the first index of its box in the dimension `axis`.
    """

    position: int
    role: str = ""
    axis: int = 0
    name: str
    kind: str
    type: DType | TensorType


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A function's parameters now, in order: positions of the old one's, and new ones."""

    name: str
    parameters: tuple[int | Argument, ...]


def rewrite(function: func.FuncOp, name: str, changes: Sequence[Change], firsts: Firsts) -> Rewritten:
    """Adds a copy of the function, changed, at the insertion point. Changes come in the order of their arrays."""
    copy = function.operation.clone().opview
    work = Work(copy)
    for change in changes:
        with location(change.span):
            Rewrite(work, change, firsts).run()
    sweep(copy)
    return finished(function, copy, name, work)


@dataclass(slots=True)
class Work:
    """A function while it is changed; `added` are its new arguments, `dropped` positions of arrays it has no more.

    Behind what is done first stands the `prologue`, a number that nobody needs.
    """

    function: func.FuncOp
    added: list[tuple[Argument, ir.Value]] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    prologue: ir.OpView | None = None

    @property
    def entry(self) -> ir.Block:
        return self.function.entry_block

    def argument(self, argument: Argument) -> ir.Value:
        """A new argument."""
        kind = channel_type(argument.type) if argument.kind == "stream" else scalar_type(index)
        value: ir.Value = self.entry.add_argument(kind, ir.Location.name(argument.name))
        self.added.append((argument, value))
        return value

    def front(self) -> ir.InsertionPoint:
        """Behind what is done first so far."""
        if self.prologue is None:
            first = next(op for op in self.entry.operations if not isinstance(op, memref.AllocaOp))
            with ir.InsertionPoint(first), first.location:
                self.prologue = constant(index, 0).owner.opview
        return ir.InsertionPoint(self.prologue)

    def top(self) -> ir.InsertionPoint:
        """Before everything."""
        return ir.InsertionPoint.at_block_begin(self.entry)

    def end(self) -> ir.InsertionPoint:
        """Behind everything."""
        return ir.InsertionPoint(list(self.entry.operations)[-1])


class Rewrite:
    """One change of a function."""

    def __init__(self, work: Work, change: Change, firsts: Firsts) -> None:
        self.work = work
        self.change = change
        self.element = change.type.element
        self.array = work.entry.arguments[change.position]
        self.firsts = {axis: firsts.get((change.position, axis), 0) for axis in range(len(change.box))}
        self.loops = [f"{change.array}_{axis}" for axis in range(len(change.box))]
        self.first: dict[int, ir.Value | int] = {}

    def run(self) -> None:
        """Changes the function."""
        if not (self.change.direct or self.change.copies):
            self.work.dropped.add(self.change.position)
        if self.change.buffered:
            self.buffer()
        elif self.change.read is Read.TAKE:
            self.take(self.channel("in"))
        elif self.change.write is Write.GIVE:
            self.give(self.channel("out"))

    def channel(self, role: str, dtype: DType | None = None) -> ir.Value:
        name = f"{self.change.array}_{role}"
        return self.work.argument(
            Argument(position=self.change.position, role=role, name=name, kind="stream", type=dtype or self.element)
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
        counts = [change.box[axis].count for axis in change.axes]
        type_ = TensorType(self.element, tuple(counts)) if counts else self.element
        with self.work.top():
            memory = local(f"{change.array}_local", type_)
            marks_type = TensorType(bool_, tuple(counts)) if counts else bool_
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
            case Read.COPY:
                self.loop(lambda at: memref.store(memref.load(self.array, self.outer(at)), memory, self.inner(at)))
        if marks is not None:
            self.loop(lambda at: memref.store(constant(bool_, 0), marks, self.inner(at)))

    def conclude(self, memory: ir.Value, marks: ir.Value | None) -> None:
        match self.change.write:
            case Write.EMPTY:
                channel = self.channel("out")
                self.loop(lambda at: PutOp(channel, memref.load(memory, self.inner(at))))
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


def as_value(number: ir.Value | int) -> ir.Value:
    """An index as a value."""
    return constant(index, number) if isinstance(number, int) else number


def difference(at: ir.Value, first: ir.Value | int) -> ir.Value:
    """How far an index lies behind another one: what was added to that one, if so it was made."""
    if not isinstance(at.owner, ir.Block) and isinstance(at.owner.opview, arith.AddIOp):
        left, right = at.owner.operands
        if is_number(left, first):
            return right
        if is_number(right, first):
            return left
    return arith.subi(at, as_value(first))


def is_number(value: ir.Value, number: ir.Value | int) -> bool:
    """Whether a value is surely the one or the number."""
    if not isinstance(number, int):
        return bool(value == number)
    if isinstance(value.owner, ir.Block) or not isinstance(value.owner.opview, arith.ConstantOp):
        return False
    found = value.owner.opview.attributes["value"]
    return isinstance(found, ir.IntegerAttr) and found.value == number


def replace(op: ir.OpView, value: ir.Value) -> None:
    """Lets others use a value where they used the operation's."""
    op.results[0].replace_all_uses_with(value)
    op.operation.erase()


def sweep(function: func.FuncOp) -> None:
    """Removes what is computed for nobody."""
    found = list(operations(function.entry_block))
    for op in reversed(found):
        pure = type(op).__module__ == arith.AddIOp.__module__ or isinstance(op, WithinOp)
        if pure and not any(True for result in op.results for _ in result.uses):
            op.operation.erase()


def finished(original: func.FuncOp, copy: func.FuncOp, name: str, work: Work) -> Rewritten:
    """The function with its parameters in order: values, channels, arrays; values that nobody needs left out."""
    old = list(parameters(original))
    given = list(copy.entry_block.arguments)
    olds: list[tuple[int | Argument, ir.Value]] = list(enumerate(given[: len(old)]))
    unused = {n for n, each in enumerate(original.arguments) if not list(each.uses)}
    kept = [
        (which, value)
        for which, value in (*olds, *work.added)
        if which not in work.dropped and (which in unused or not is_index(value) or list(value.uses))
    ]
    ordered = sorted(kept, key=lambda each: order(each[1].type))
    names, kinds = [], []
    for which, _ in ordered:
        parameter = old[which] if isinstance(which, int) else which
        names.append(parameter.name)
        kinds.append((parameter.kind, str(parameter.type)))
    with original.location:
        made = func.FuncOp(name, ([value.type for _, value in ordered], []), visibility="private")
    for each in copy.attributes:
        if each.startswith("df."):
            made.attributes[each] = copy.attributes[each]
    made.attributes["df.parameters"] = parameter_attribute(names, kinds)
    entry = made.add_entry_block([location_of(original, which) for which, _ in ordered])
    for (_, value), argument in zip(ordered, entry.arguments, strict=True):
        value.replace_all_uses_with(argument)
    for op in list(copy.entry_block.operations):
        entry.append(op)
    copy.operation.erase()
    return Rewritten(name=name, parameters=tuple(which for which, _ in ordered))


def location_of(original: func.FuncOp, which: int | Argument) -> ir.Location:
    if isinstance(which, int):
        found: ir.Location = original.arguments[which].location
        return found
    return ir.Location.name(which.name, original.location)


def is_index(value: ir.Value) -> bool:
    """Whether an argument is a number that is given to each actor."""
    return order(value.type) == 0


def order(kind: ir.Type) -> int:
    """Where parameters of a type stand: values, then channels, then arrays."""
    if isinstance(kind, ir.MemRefType):
        return 2
    return 1 if str(kind).startswith("!df.stream") else 0
