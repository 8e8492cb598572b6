"""Lowers the statements of a kernel's function: scalar operations, memory, branches."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.analysis.ranges import index_ranges
from spatial.ir.dialect import BitOp, WithinOp
from spatial.ir.location import calls_of, span_of
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.lower.llvm.code import Place
from spatial.lower.llvm.errors import NotNative
from spatial.lower.llvm.layout import FAULTED
from spatial.lower.llvm.machine import POINTER, Machine, Variable
from spatial.lower.llvm.scalars import DIVISIONS, SCALARS, constant_text, type_text, width_of
from spatial.source.errors import ProgramError

__all__ = ["UNWATCHED", "Statements", "Watched", "container"]

FLOATS = ("f32", "f64")
WIDEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The positions of arrays that several actors touch: `marked` where it is watched whether any touches an element
    of another, `recorded` where it is watched whether tokens order them. Tokens carry `clocks` in a run with any.
    """

    marked: Sequence[int] = ()
    recorded: Sequence[int] = ()
    clocks: bool = False


UNWATCHED = Watched()


def container(kind: ir.Type) -> str:
    """The type that holds a scalar in memory: the next machine word that is wide enough."""
    if isinstance(kind, ir.FloatType):
        return str(kind)
    width = width_of(kind)
    return next(f"i{bits}" for bits in (8, 16, 32, 64) if bits >= width)


class Statements(ABC):
    """Everything but channels and loops; within a pipeline only operations of one `stage` are written at a time.

    `clock` is the actor's own time. `names` has each value that never changes, `variables` each other one.
    """

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        arguments = list(function.arguments)
        self.function = function
        self.timings = timings
        self.ranges = index_ranges(function)
        self.tables = tuple(dict.fromkeys(op.attributes["name"].value for op in self.found(memref.GetGlobalOp)))
        self.watched = watched
        kinds = [self.argument_type(argument) for argument in arguments]
        self.machine = Machine(f"step_{function.name.value}", [*kinds, *(POINTER for _ in self.extra())])
        self.names: dict[ir.Value, str] = dict(zip(arguments, self.machine.arguments, strict=False))
        extra = dict(zip(self.extra(), self.machine.arguments[len(arguments) :], strict=True))
        self.table = {symbol: extra[symbol] for symbol in self.tables}
        self.shadow = {arguments[position]: extra[position] for position in (*watched.marked, *watched.recorded)}
        self.variables: dict[ir.Value, Variable] = {}
        self.places: list[Place] = []
        self.clock = self.machine.variable("i64")
        self.fault_cycle, self.fault_site, self.fault_value = (self.machine.variable("i64") for _ in range(3))
        self.fault_label = self.machine.label()
        self.stage: int | None = None
        self.branches = 0
        self.timing: LoopTiming | None = None

    @abstractmethod
    def loop(self, op: ir.OpView) -> None:
        """A loop with everything in it."""

    @abstractmethod
    def channel_operation(self, op: ir.OpView) -> bool:
        """An operation on a channel; whether it was one."""

    def extra(self) -> list[str | int]:
        """What an actor is given behind its own arguments."""
        return [*self.tables, *self.watched.marked, *self.watched.recorded]

    def found(self, kind: type) -> list[ir.OpView]:
        from_function: list[ir.OpView] = []
        self.function.operation.walk(lambda op: _collect(from_function, op, kind))
        return from_function

    def refuse(self, what: str, op: ir.OpView) -> ProgramError:
        return ProgramError([NotNative(what=what, span=span_of(op.location))])

    def argument_type(self, argument: ir.Value) -> str:
        kind = argument.type
        return type_text(kind) if isinstance(kind, ir.IntegerType | ir.IndexType | ir.FloatType) else POINTER

    # Values

    def value(self, value: ir.Value) -> str:
        """The machine's name of a value, here."""
        return self.machine.read(self.variables[value]) if value in self.variables else self.names[value]

    def bind(self, value: ir.Value, name: str) -> None:
        """Gives a value its result; it may be asked for wherever the value is in scope."""
        if value not in self.variables:
            self.variables[value] = self.machine.variable(type_text(value.type))
        self.machine.assign(self.variables[value], name)

    def place(self, op: ir.OpView, what: str = "", parameter: int | None = None) -> int:
        """The number of a place."""
        span, calls = span_of(op.location), calls_of(op.location)
        self.places.append(Place(operation=op.operation.name, span=span, what=what, parameter=parameter, calls=calls))
        return len(self.places) - 1

    def demand(self, condition: str, op: ir.OpView, what: str, value: str | None = None) -> None:
        """Goes on if a condition holds; else the actor ends with a fault."""
        machine, fine, wrong = self.machine, self.machine.label(), self.machine.label()
        machine.branch(condition, fine, wrong, " weights([1000, 1])")
        machine.begin(wrong)
        machine.assign(self.fault_cycle, self.now())
        place = self.place(op, what)
        machine.assign(self.fault_site, machine.integer(place))
        machine.assign(self.fault_value, machine.integer(0) if value is None else value)
        self.failing(op, place)
        machine.jump(self.fault_label)
        machine.begin(fine)

    @abstractmethod
    def failing(self, op: ir.OpView, place: int) -> None:
        """What is told where an operation fails."""

    @abstractmethod
    def failed(self) -> None:
        """What is told when something has failed."""

    def faults(self) -> None:
        """Where all faults end."""
        machine = self.machine
        machine.begin(self.fault_label)
        cycle, site, value = (machine.read(v) for v in (self.fault_cycle, self.fault_site, self.fault_value))
        self.failed()
        given = [("%run", POINTER), ("%actor", POINTER), (cycle, "i64"), (site, "i64"), (value, "i64")]
        machine.call("df_fault", given)
        machine.leave(FAULTED)

    # Statements

    def body(self, block: ir.Block) -> None:
        """The operations of a block that belong to the current stage; all of them outside of a pipeline."""
        for op in block.operations:
            if self.stage is None and op.operation in self.timings.pauses:
                self.pass_time(self.machine.integer(self.timings.pauses[op.operation]))
            match op:
                case scf.IfOp():
                    self.conditional(op)
                case scf.ForOp() | scf.WhileOp():
                    self.loop(op)
                case scf.YieldOp() | scf.ConditionOp() | func.ReturnOp():
                    pass
                case _ if self.here(op):
                    self.simple(op)

    def here(self, op: ir.OpView) -> bool:
        """Whether an operation belongs to what is being written."""
        return self.stage is None or self.timing is None or self.timing.stages.get(op.operation) == self.stage

    def simple(self, op: ir.OpView) -> None:
        """An operation without operations inside."""
        match op:
            case arith.ConstantOp():
                self.check_type(op, op.result.type)
                self.names[op.result] = self.machine.constant(constant_text(op), type_text(op.result.type))
            case memref.AllocaOp():
                self.allocate(op)
            case memref.GetGlobalOp():
                self.names[op.result] = self.table[op.attributes["name"].value]
            case memref.LoadOp():
                self.load(op)
            case memref.StoreOp():
                self.store(op)
            case WithinOp():
                self.inside(op, op.extent.value, f"index {{}} is outside of {op.what.value}")
            case BitOp():
                self.inside(op, op.limit.value, f"bit {{}} is none {op.what.value}")
            case _ if type(op) in SCALARS:
                self.scalar(op)
            case _ if not self.channel_operation(op):
                raise self.refuse(f"`{op.operation.name.removeprefix('df.')}` yet", op)

    def scalar(self, op: ir.OpView) -> None:
        for value in (*op.operands, *op.results):
            self.check_type(op, value.type)
        operands = [self.value(operand) for operand in op.operands]
        if isinstance(op, DIVISIONS):
            kind = type_text(op.result.type)
            if width_of(op.result.type) > WIDEST:
                raise self.refuse(f"divisions of {width_of(op.result.type)} bits yet", op)
            fine = self.machine.op(f'llvm.icmp "ne" {operands[1]}, {self.machine.constant("0", kind)} : {kind}')
            self.demand(fine, op, "division by zero")
            operands = [self.value(operand) for operand in op.operands]
        self.bind(op.result, SCALARS[type(op)](self.machine, op, operands))

    def check_type(self, op: ir.OpView, kind: ir.Type) -> None:
        """Refuses floats that the machine does not compute with, and wide integers beside floats."""
        if isinstance(kind, ir.FloatType) and str(kind) not in FLOATS:
            raise self.refuse(f"values of type `{kind}` yet", op)
        mixed = any(isinstance(v.type, ir.FloatType) for v in (*op.operands, *op.results))
        if mixed and isinstance(kind, ir.IntegerType) and kind.width > WIDEST:
            raise self.refuse(f"conversions between floats and integers of {kind.width} bits yet", op)

    def inside(self, op: WithinOp | BitOp, extent: int, what: str) -> None:
        value = self.value(op.operand)
        limit = self.machine.integer(extent)
        kind = type_text(op.operand.type)
        if kind != "i64":
            raise self.refuse(f"`{op.operation.name.removeprefix('df.')}` of `{kind}` yet", op)
        self.demand(self.machine.op(f'llvm.icmp "ult" {value}, {limit} : i64'), op, what, value)
        self.bind(op.value, self.value(op.operand))

    # Memory

    def allocate(self, op: memref.AllocaOp) -> None:
        kind = op.result.type
        self.check_memory(op, kind)
        if not kind.shape:
            zero = "0.0" if isinstance(kind.element_type, ir.FloatType) else "0"
            text = "false" if type_text(kind.element_type) == "i1" else zero
            self.variables[op.result] = self.machine.stack_variable(type_text(kind.element_type))
            self.machine.assign(self.variables[op.result], self.machine.constant(text, type_text(kind.element_type)))
            return
        if self.machine.lane:
            raise self.refuse("arrays declared in pipelines whose iterations overlap yet", op)
        size = math.prod(kind.shape) * int(container(kind.element_type)[1:]) // 8
        self.names[op.result] = at = self.machine.reserve(size)
        zero, length = self.machine.constant("0", "i8"), self.machine.integer(size)
        self.machine.do(
            f'"llvm.intr.memset"({at}, {zero}, {length}) <{{isVolatile = false}}> : ({POINTER}, i8, i64) -> ()'
        )

    def check_memory(self, op: ir.OpView, kind: ir.MemRefType) -> None:
        element = kind.element_type
        self.check_type(op, element)
        if kind.shape and isinstance(element, ir.IntegerType) and element.width > WIDEST:
            raise self.refuse(f"arrays of integers of {element.width} bits yet", op)

    def is_variable(self, memory: ir.Value) -> bool:
        """Whether memory is a local scalar, which no one else can see."""
        return memory in self.variables

    def load(self, op: memref.LoadOp) -> None:
        if self.is_variable(op.memref):
            self.bind(op.result, self.machine.read(self.variables[op.memref]))
            return
        self.check_memory(op, op.memref.type)
        at, kind = self.element(op, "df_reads"), op.result.type
        held = container(kind)
        value = self.machine.op(f"llvm.load {at} : {POINTER} -> {held}")
        if held != type_text(kind):
            value = self.machine.op(f"llvm.trunc {value} : {held} to {kind}")
        self.bind(op.result, value)

    def store(self, op: memref.StoreOp) -> None:
        if self.is_variable(op.memref):
            self.machine.assign(self.variables[op.memref], self.value(op.value))
            return
        self.check_memory(op, op.memref.type)
        at, kind = self.element(op, "df_writes"), op.value.type
        held, value = container(kind), self.value(op.value)
        if held != type_text(kind):
            extend = "llvm.zext" if width_of(kind) == 1 else "llvm.sext"
            value = self.machine.op(f"{extend} {value} : {kind} to {held}")
        self.machine.do(f"llvm.store {value}, {at} : {held}, {POINTER}")

    def element(self, op: memref.LoadOp | memref.StoreOp, touch: str) -> str:
        """The address of an element, which is inside."""
        machine, shape = self.machine, list(op.memref.type.shape)
        for index, extent in zip(op.indices, shape, strict=True):
            low, high = self.ranges.get(index, (-1, -1))
            if low < 0 or high >= extent:
                fine = machine.op(f'llvm.icmp "ult" {self.value(index)}, {machine.integer(extent)} : i64')
                what = f"index {{}} is outside of an array dimension of {extent}"
                self.demand(fine, op, what, self.value(index))
        position = machine.integer(0)
        for axis, index in enumerate(op.indices):
            stride = machine.integer(math.prod(shape[axis + 1 :]))
            part = machine.binary("llvm.mul", self.value(index), stride)
            position = machine.binary("llvm.add", position, part)
        held = container(op.memref.type.element_type)
        address = f"({POINTER}, i64) -> {POINTER}, "
        if op.memref in self.shadow:
            self.touch(op, position, touch)
        return machine.op(f"llvm.getelementptr {self.value(op.memref)}[{position}] : {address}{held}")

    def touch(self, op: memref.LoadOp | memref.StoreOp, position: str, kind: str) -> None:
        """Notes an access to an element that other actors may touch."""
        machine, shadow = self.machine, self.shadow[op.memref]
        parameter = op.memref.arg_number
        site = machine.integer(self.place(op, parameter=parameter))
        ends = [("%run", POINTER), ("%actor", POINTER)]
        if parameter in self.watched.recorded:
            given = [(shadow, POINTER), (position, "i64"), (machine.read(self.clock), "i64"), (site, "i64")]
            machine.call({"df_reads": "df_reading", "df_writes": "df_writing"}[kind], [*ends, *given])
            return
        mark = machine.op(f"llvm.getelementptr {shadow}[{position}] : ({POINTER}, i64) -> {POINTER}, i64")
        fine = machine.call(kind, [(mark, POINTER), ("%actor", POINTER)], "i1")
        go, wrong = machine.label(), machine.label()
        machine.branch(fine, go, wrong, " weights([1000, 1])")
        machine.begin(wrong)
        machine.call("df_shared", [*ends, (site, "i64")])
        machine.leave(FAULTED)
        machine.begin(go)

    # Control flow

    def conditional(self, op: scf.IfOp) -> None:
        """An `if`; within a pipeline its parts appear in every stage they have operations in."""
        branches = [region.blocks[0] if len(region.blocks) else None for region in op.regions]
        if not any(block is not None and self.work(block) for block in branches):
            return
        machine = self.machine
        labels, end = [machine.label() for _ in branches], machine.label()
        machine.branch(self.value(op.operands[0]), *labels)
        self.branches += 1
        for label, block in zip(labels, branches, strict=True):
            machine.begin(label)
            if block is not None:
                self.body(block)
                self.yielded(op, block)
            machine.jump(end)
        self.branches -= 1
        machine.begin(end)

    def work(self, block: ir.Block) -> bool:
        """Whether a block has anything to do in what is being written."""
        return any(self.here(op) or any(self.work(b) for r in op.regions for b in r.blocks) for op in block.operations)

    def yielded(self, op: scf.IfOp, block: ir.Block) -> None:
        last = list(block.operations)[-1]
        if isinstance(last, scf.YieldOp) and self.here(last):
            for result, value in zip(op.results, last.operands, strict=True):
                self.bind(result, self.value(value))

    def now(self) -> str:
        """The actor's own time."""
        return self.machine.read(self.clock)

    def pass_time(self, cycles: str, work: int = 1) -> None:
        """Cycles go by, for so many stages of work; the actor stops where the run ends, or others shall go on."""
        machine = self.machine
        machine.assign(self.clock, machine.binary("llvm.add", machine.read(self.clock), cycles))
        self.breathe(work)

    @abstractmethod
    def breathe(self, work: int = 1) -> None:
        """Lets the run end here, after so many stages of work."""


def _collect(found: list[ir.OpView], op: ir.Operation, kind: type) -> ir.WalkResult:
    if isinstance(op.opview, kind):
        found.append(op.opview)
    return ir.WalkResult.ADVANCE
