"""Reads the skeleton off a function, in the order of its text."""

import itertools
from collections.abc import Iterator

import numpy as np

from spatial.analysis.control.expression import COMPUTE, Expression, computed, constant, variable
from spatial.analysis.control.skeleton import (
    Act,
    Bounds,
    Choice,
    Computation,
    Condition,
    Counted,
    Forever,
    Node,
    Nodes,
    Piped,
    Skeleton,
    Undecided,
)
from spatial.analysis.loops import body_of, halves_of, is_endless, is_loop
from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.analysis.series import Numbers
from spatial.ir.channels import CHANNEL_OPERATIONS, PEEKS, POLLS, writes_channel
from spatial.ir.dialect import ByReferenceOp, ExternalOp, GetBlockOp, GetOp, PutOp, WithinOp
from spatial.ir.external import is_timed
from spatial.ir.function import operations, parameters
from spatial.ir.location import calls_of, name_of, span_of
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.ir.tables import table_values

__all__ = ["Reader", "read_skeleton"]

PLAIN = (PutOp, GetOp, GetBlockOp)


def read_skeleton(function: func.FuncOp, timings: Timings, given: frozenset[int] = frozenset()) -> Skeleton:
    """The skeleton of a function whose loops, and computations outside of them, have these timings.

    `given` are the positions of scalars that are known before a run.
    """
    reader = Reader(function, timings, given)
    return Skeleton(nodes=reader.block(function.entry_block), arguments=len(function.arguments))


class Reader:
    """Reads blocks in order; `memory` has what the local scalars hold where it stands."""

    def __init__(self, function: func.FuncOp, timings: Timings, given: frozenset[int]) -> None:
        self.function = function
        self.given = given
        self.timings = {timing.nest[0].operation: timing for timing in timings.values()}
        self.pauses = timings.pauses
        self.names = {function.arguments[n]: p.name for n, p in enumerate(parameters(function))}
        self.values: dict[ir.Value, Condition] = {
            argument: variable(n, _width(argument.type))
            for n, argument in enumerate(function.arguments)
            if isinstance(argument.type, ir.IndexType | ir.IntegerType)
        }
        self.memory: dict[ir.Value, Condition] = {}
        self.tables: dict[ir.Value, Numbers | None] = {}
        self.numbers = itertools.count(len(function.arguments))
        self.pipe: LoopTiming | None = None

    # Statements

    def block(self, block: ir.Block) -> Nodes:
        return tuple(node for op in block.operations for node in self.operation(op))

    def operation(self, op: ir.OpView) -> Iterator[Node]:
        if self.pipe is None and op.operation in self.pauses:
            yield Computation(cycles=self.pauses[op.operation], span=span_of(op.location))
        match op:
            case _ if isinstance(op, CHANNEL_OPERATIONS):
                yield from self.acts(op)
            case scf.IfOp():
                yield from self.choice(op)
            case scf.ForOp() | scf.WhileOp():
                yield from self.loop(op)
            case ExternalOp():
                yield from self.external(op)
            case memref.AllocaOp():
                self.memory[op.result] = constant(0, _width(op.result.type.element_type))
            case memref.StoreOp():
                self.memory[op.memref] = self.value(op.value)
            case memref.LoadOp():
                self.values[op.result] = self.loaded(op)

    def acts(self, op: ir.OpView) -> Iterator[Act]:
        stage = self.pipe.stages[op.operation] if self.pipe is not None else 0
        position = op.stream.arg_number if isinstance(op, PLAIN) else 0
        place, calls = span_of(op.location), calls_of(op.location)
        puts = writes_channel(op)
        yield Act(position=position, puts=puts, stage=stage, span=place, calls=calls, unfit=_unfit(op))

    def choice(self, op: scf.IfOp) -> Iterator[Node]:
        condition = self.value(op.condition)
        before = dict(self.memory)
        branches = [region.blocks[0] for region in op.regions if len(region.blocks)]
        then = self.block(branches[0])
        after, self.memory = self.memory, before
        other = self.block(branches[1]) if len(branches) > 1 else ()
        for memory in after.keys() & self.memory.keys():
            self.memory[memory] = _either(condition, after[memory], self.memory[memory])
        if op.results:
            ends = [list(block.operations)[-1].operands for block in branches]
            for result, left, right in zip(op.results, *ends, strict=True):
                self.values[result] = _either(condition, self.value(left), self.value(right))
        if then or other:
            yield Choice(condition=condition, then=then, other=other, span=span_of(op.location))

    def loop(self, op: ir.OpView) -> Iterator[Node]:
        timing = self.timings.get(op.operation)
        span = span_of(op.location)
        self.forget(op)
        match op:
            case scf.WhileOp() if not is_endless(op):
                yield Computation(cycles=0, span=span, unfit="how often this repeats, only its values tell")
            case _ if timing is not None:
                yield self.piped(timing)
            case scf.WhileOp():
                yield Forever(body=tuple(node for half in halves_of(op) for node in self.block(half)), span=span)
            case scf.ForOp():
                bounds = self.bounds(op)
                least = 0 if any(is_loop(each) for each in op.body.operations) else 1
                yield Counted(bounds=bounds, body=self.block(op.body), least=least, span=span)
        self.forget(op)

    def piped(self, timing: LoopTiming) -> Piped:
        loop = timing.nest[-1]
        bounds = tuple(self.bounds(each) for each in timing.nest if isinstance(each, scf.ForOp))
        self.pipe = timing
        body = tuple(node for block in body_of(loop) for node in self.block(block))
        self.pipe = None
        span = span_of(loop.location)
        ii, latency, style = timing.ii, timing.latency, timing.style
        return Piped(bounds=bounds, body=body, ii=ii, latency=latency, style=style, span=span)

    def bounds(self, op: scf.ForOp) -> Bounds:
        low, high, step = (self.value(operand) for operand in list(op.operands)[:3])
        number = next(self.numbers)
        self.values[op.induction_variable] = variable(number, _width(op.induction_variable.type))
        return Bounds(variable=number, low=low, high=high, step=step)

    def external(self, op: ExternalOp) -> Iterator[Node]:
        if not is_timed(op):
            yield from self.block(op.body.blocks[0])
            return
        self.forget(op)
        for argument in op.operands:
            if isinstance(passed := argument.owner.opview, ByReferenceOp):
                self.memory[passed.memory] = self.element(passed.memory)
        yield Computation(cycles=op.cycles.value, span=span_of(op.location))

    def forget(self, op: ir.OpView) -> None:
        """What operations inside of one store is known no more."""
        for region in op.regions:
            for block in region.blocks:
                for inner in operations(block):
                    if isinstance(inner, memref.StoreOp):
                        self.memory[inner.memref] = self.element(inner.memref)

    # Values

    def value(self, value: ir.Value) -> Condition:
        """The integer that a value is."""
        if value not in self.values:
            self.values[value] = self.computed(value)
        return self.values[value]

    def computed(self, value: ir.Value) -> Condition:
        if isinstance(value.owner, ir.Block):
            return Undecided(why="what it is given")
        op = value.owner.opview
        if isinstance(op, CHANNEL_OPERATIONS):
            return Undecided(why="a token")
        operands = [self.value(operand) for operand in op.operands]
        for operand in operands:
            if isinstance(operand, Undecided):
                return operand
        known = [operand for operand in operands if isinstance(operand, Expression)]
        width = _width(value.type)
        payload = _payload(op)
        if not width or payload is None:
            return Undecided(why="a computed number")
        if isinstance(op, arith.ConstantOp):
            return constant(payload & 1 if width == 1 else payload, width)
        if type(op) not in COMPUTE:
            return Undecided(why="a computed number")
        return computed(type(op), width, known, payload)

    def loaded(self, op: memref.LoadOp) -> Condition:
        """What a scalar holds, or a table at places that are known."""
        indices = [self.value(index) for index in op.indices]
        known = [index for index in indices if isinstance(index, Expression)]
        table = self.table(op.memref)
        if table is not None and len(known) == len(indices):
            place = constant(0)
            for index, extent in zip(known, op.memref.type.shape, strict=True):
                checked = computed(WithinOp, 64, (index,), extent)
                scaled = computed(arith.MulIOp, 64, (place, constant(extent)))
                place = computed(arith.AddIOp, 64, (scaled, checked))
            return computed(memref.LoadOp, _width(op.result.type), (place,), table=table)
        if op.memref.type.shape:
            return self.element(op.memref)
        width = _width(op.result.type)
        if width and isinstance(op.memref.owner, ir.Block) and op.memref.arg_number in self.given:
            return variable(op.memref.arg_number, width)
        return self.memory.get(op.memref) or self.element(op.memref)

    def element(self, memory: ir.Value) -> Undecided:
        """What memory holds that is not followed."""
        if isinstance(memory.owner, ir.Block):
            return Undecided(why=f"`{self.names.get(memory, 'memory')}`, which the run is given")
        attributes = memory.owner.attributes
        name = attributes["df.name"].value if "df.name" in attributes else name_of(memory.location)
        return Undecided(why=f"`{name}`" if name else "memory")

    def table(self, memory: ir.Value) -> Numbers | None:
        """The constant integers of a table, flat."""
        if memory not in self.tables:
            self.tables[memory] = self.read_table(memory)
        return self.tables[memory]

    def read_table(self, memory: ir.Value) -> Numbers | None:
        owner = None if isinstance(memory.owner, ir.Block) else memory.owner.opview
        if not isinstance(owner, memref.GetGlobalOp) or not 0 < _width(memory.type.element_type) <= 64:
            return None
        symbol = owner.attributes["name"].value
        module = self.function.operation.parent.opview
        tables = [op for op in module.body.operations if isinstance(op, memref.GlobalOp)]
        found = next(table for table in tables if table.sym_name.value == symbol)
        return np.array(table_values(found), np.int64)


def _width(type_: ir.Type) -> int:
    """The bits of an integer; 0 of everything else."""
    return 64 if isinstance(type_, ir.IndexType) else type_.width if isinstance(type_, ir.IntegerType) else 0


def _payload(op: ir.OpView) -> int | None:
    """What an operation has beside its operands; None of a constant that is no integer."""
    match op:
        case arith.ConstantOp():
            attribute = op.attributes["value"]
            return int(attribute.value) if isinstance(attribute, ir.IntegerAttr | ir.BoolAttr) else None
        case arith.CmpIOp():
            return int(op.attributes["predicate"].value)
        case WithinOp():
            return int(op.attributes["extent"].value)
    return 0


def _unfit(op: ir.OpView) -> str:
    """Why a channel operation does not wait for, and move, a token of one channel; "" if it does."""
    word = f"`{op.operation.name.removeprefix('df.').removesuffix('_block')}`"
    if isinstance(op, POLLS):
        return f"{word} asks the clock"
    if isinstance(op, PEEKS):
        return f"{word} leaves the token where it is"
    return "" if isinstance(op, PLAIN) else f"{word} takes what comes first"


def _either(condition: Condition, left: Condition, right: Condition) -> Condition:
    """The one or the other value, as a condition says."""
    if left is right:
        return left
    for each in (condition, left, right):
        if isinstance(each, Undecided):
            return each
    assert isinstance(condition, Expression), "what is decided is an expression"
    assert isinstance(left, Expression), "what is decided is an expression"
    assert isinstance(right, Expression), "what is decided is an expression"
    if condition.kind is arith.ConstantOp:
        return left if condition.value else right
    return computed(arith.SelectOp, left.width, (condition, left, right))
