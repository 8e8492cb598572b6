"""What of a function's text moves elements: its steps, if it could be that of a mover."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.control.expression import COMPUTE, Expression, computed, constant, variable
from spatial.analysis.loops import body_of, halves_of, is_endless
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp
from spatial.ir.location import span_of
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.source.span import Span

__all__ = [
    "Branch",
    "Endless",
    "Fetch",
    "Give",
    "Let",
    "Loop",
    "Program",
    "Read",
    "Receive",
    "Send",
    "Step",
    "Steps",
    "Take",
    "Unfit",
    "Write",
    "flat",
    "program_of",
]

MOVES_NOTHING = (arith.ConstantOp, scf.YieldOp, func.ReturnOp, memref.AllocaOp)
SETTLED = (*MOVES_NOTHING, *(kind for kind in COMPUTE if kind is not memref.LoadOp))
"""Operations that move nothing: what they compute is asked for where it is used."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """The value `value` is an element of a memory."""

    value: int
    memory: int
    at: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Write:
    """An element of a memory becomes the value `value`."""

    value: int
    memory: int
    at: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Receive:
    """The value `value` is a channel's next token."""

    value: int
    channel: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Send:
    """The value `value` goes into a channel."""

    value: int
    channel: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Take:
    """A channel's next token, a block, goes into a memory."""

    memory: int
    channel: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Give:
    """All of a memory goes into a channel as one token."""

    memory: int
    channel: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Let:
    """A local number becomes what an expression is."""

    memory: int
    expression: Expression
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fetch:
    """The variable, or the value, `variable` is what a local holds that is one number."""

    variable: int
    memory: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loop:
    """A counted loop; if it is `even`, all its iterations may be looked at together."""

    variable: int
    bounds: tuple[Expression, Expression, Expression]
    body: "Steps"
    even: bool
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Branch:
    """One of two things, as indices decide."""

    condition: Expression
    then: "Steps"
    other: "Steps"
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endless:
    """Something that is done for ever."""

    body: "Steps"
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unfit:
    """Something that no mover does: `why` goes on from "it"."""

    why: str
    span: Span


Step = Let | Fetch | Read | Write | Receive | Send | Take | Give | Loop | Branch | Endless | Unfit
Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A function's steps. Memories and channels are numbers: positions of parameters, locals behind them.

    `shapes` are the extents of memories, `sizes` how many elements a token of each channel has.
    """

    steps: Steps
    parameters: int
    shapes: Mapping[int, tuple[int, ...]]
    sizes: Mapping[int, int]


def program_of(function: func.FuncOp) -> Program:
    """Reads the steps off a function."""
    reader = Reader(function)
    steps = reader.block(function.entry_block)
    return Program(steps=steps, parameters=len(function.arguments), shapes=reader.shapes, sizes=reader.sizes)


class Reader:
    """Reads blocks in order; values, memories and channels are given numbers."""

    def __init__(self, function: func.FuncOp) -> None:
        self.numbers: dict[ir.Value, int] = {}
        self.shapes: dict[int, tuple[int, ...]] = {}
        self.sizes: dict[int, int] = {}
        self.known: dict[ir.Value, Expression | None] = {}
        for argument in function.arguments:
            number = self.number(argument)
            if isinstance(argument.type, ir.MemRefType):
                self.shapes[number] = tuple(argument.type.shape)
            elif isinstance(argument.type, ir.IndexType | ir.IntegerType):
                self.known[argument] = variable(number, _width(argument.type))

    def number(self, value: ir.Value) -> int:
        return self.numbers.setdefault(value, len(self.numbers))

    def memory(self, value: ir.Value) -> int:
        """The number of a memory."""
        number = self.number(value)
        self.shapes[number] = tuple(value.type.shape)
        return number

    def channel(self, value: ir.Value, token: ir.Type) -> int:
        """The number of a channel."""
        number = self.number(value)
        self.sizes[number] = math.prod(token.shape) if isinstance(token, ir.MemRefType) else 1
        return number

    def block(self, block: ir.Block) -> Steps:
        return tuple(step for op in block.operations for step in self.operation(op))

    def operation(self, op: ir.OpView) -> Iterator[Step]:
        span = span_of(op.location)
        match op:
            case memref.LoadOp() if _is_cell(op.memref):
                number = self.number(op.result)
                self.known[op.result] = variable(number, _width(op.result.type))
                yield Fetch(variable=number, memory=self.number(op.memref), span=span)
            case memref.StoreOp() if _is_cell(op.memref) and self.expression(op.operands[0]) is not None:
                expression = self.expression(op.operands[0])
                assert expression is not None, "it was looked at"
                yield Let(memory=self.number(op.memref), expression=expression, span=span)
            case memref.LoadOp():
                at = self.indices(op.indices)
                found, memory = self.number(op.result), self.memory(op.memref)
                yield Unfit(why=DATA, span=span) if at is None else Read(value=found, memory=memory, at=at, span=span)
            case memref.StoreOp():
                at, memory = self.indices(op.indices), self.memory(op.memref)
                value = self.moved(op.operands[0])
                if at is None or value is None:
                    yield Unfit(why=DATA if at is None else COMPUTES, span=span)
                else:
                    yield Write(value=value, memory=memory, at=at, span=span)
            case GetOp():
                channel = self.channel(op.stream, op.value.type)
                yield Receive(value=self.number(op.value), channel=channel, span=span)
            case GetBlockOp():
                channel = self.channel(op.stream, op.block.type)
                yield Take(memory=self.memory(op.block), channel=channel, span=span)
            case PutOp():
                yield self.put(op, span)
            case scf.ForOp():
                yield self.loop(op, span)
            case scf.IfOp():
                yield self.branch(op, span)
            case scf.WhileOp() if is_endless(op):
                yield Endless(body=self.block(halves_of(op)[1]), span=span)
            case _ if isinstance(op, SETTLED):
                return
            case _:
                yield Unfit(why="does more than copying", span=span)

    def put(self, op: PutOp, span: Span) -> Step:
        channel = self.channel(op.stream, op.operands[1].type)
        if isinstance(op.operands[1].type, ir.MemRefType):
            return Give(memory=self.memory(op.operands[1]), channel=channel, span=span)
        value = self.moved(op.operands[1])
        return Unfit(why=COMPUTES, span=span) if value is None else Send(value=value, channel=channel, span=span)

    def moved(self, value: ir.Value) -> int | None:
        """The number of a value that comes from a memory or a channel."""
        owner = value.owner
        if isinstance(owner, ir.Block) or not isinstance(owner.opview, memref.LoadOp | GetOp):
            return None
        return self.number(value)

    def loop(self, op: scf.ForOp, span: Span) -> Step:
        bounds = self.indices(list(op.operands)[:3])
        number = self.number(op.induction_variable)
        self.known[op.induction_variable] = variable(number)
        body = self.block(op.body)
        if bounds is None or len(op.results):
            return Unfit(why=DATA, span=span)
        low, high, step = bounds
        even = _is_even(body, number)
        return Loop(variable=number, bounds=(low, high, step), body=body, even=even, span=span)

    def branch(self, op: scf.IfOp, span: Span) -> Step:
        condition = self.expression(op.condition)
        blocks = [self.block(block) for block in body_of(op)]
        if condition is None or len(op.results):
            return Unfit(why=DATA, span=span)
        return Branch(condition=condition, then=blocks[0], other=blocks[1] if blocks[1:] else (), span=span)

    def indices(self, values: Sequence[ir.Value]) -> tuple[Expression, ...] | None:
        found = [self.expression(value) for value in values]
        settled = tuple(each for each in found if each is not None)
        return settled if len(settled) == len(found) else None

    def expression(self, value: ir.Value) -> Expression | None:
        """An integer of arguments and loop variables; None where it takes a run to tell."""
        if value not in self.known:
            self.known[value] = self.computed(value)
        return self.known[value]

    def computed(self, value: ir.Value) -> Expression | None:
        owner = value.owner
        if isinstance(owner, ir.Block):
            return None
        op = owner.opview
        if isinstance(op, arith.ConstantOp):
            number = op.attributes["value"]
            whole = isinstance(number, ir.IntegerAttr | ir.BoolAttr)
            return constant(int(number.value), _width(value.type)) if whole else None
        operands = None if type(op) not in COMPUTE or isinstance(op, memref.LoadOp) else self.indices(op.operands)
        if operands is None:
            return None
        return computed(type(op), _width(value.type), operands, _detail(op))


DATA = "depends on data"
COMPUTES = "computes what it passes on"


def _is_cell(memory: ir.Value) -> bool:
    """Whether a memory is a local that holds one number."""
    return not memory.type.shape and not isinstance(memory.owner, ir.Block)


def _detail(op: ir.OpView) -> int:
    """The predicate of a comparison, the extent of a checked index."""
    found = next((op.attributes[key].value for key in ("predicate", "extent") if key in op.attributes), 0)
    return int(found)


def _width(kind: ir.Type) -> int:
    return kind.width if isinstance(kind, ir.IntegerType) else 64


def _is_even(body: Steps, outer: int) -> bool:
    """Whether iterations of a loop may be looked at together: nothing of one is seen by another, nor out of order."""
    steps = list(flat(body))
    if any(isinstance(step, Branch | Endless | Unfit | Take | Give | Let) for step in steps):
        return False
    inner = {outer} | {step.variable for step in steps if isinstance(step, Loop)}
    if any(bound.variables & inner for step in steps if isinstance(step, Loop) for bound in step.bounds):
        return False
    channels = [step.channel for step in steps if isinstance(step, Receive | Send)]
    cells = {step.memory for step in steps if isinstance(step, Fetch)}
    own = {step.memory for step in body if isinstance(step, Write)} & cells
    if not all(_is_own(body, cell) for cell in own) or cells - own & {s.memory for s in steps if isinstance(s, Write)}:
        return False
    written = [step.memory for step in steps if isinstance(step, Write)]
    read = {step.memory for step in steps if isinstance(step, Read)}
    return len(set(channels)) == len(channels) and len(set(written)) == len(written) and not read & set(written)


def _is_own(body: Steps, cell: int) -> bool:
    """Whether an iteration writes a local number, once, before it is read."""
    using = [step for step in flat(body) if isinstance(step, Write | Fetch) and step.memory == cell]
    return isinstance(using[0], Write) and not any(isinstance(step, Write) for step in using[1:])


def flat(body: Steps) -> Iterator[Step]:
    """All steps, those inside of others behind them."""
    for step in body:
        yield step
        if isinstance(step, Loop):
            yield from flat(step.body)
        if isinstance(step, Branch):
            yield from flat((*step.then, *step.other))
