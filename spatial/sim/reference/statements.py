"""Writes the statements of a kernel's function: scalar operations, memory, branches."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping

from spatial.analysis.loops import is_loop
from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.ir.dialect import AssertOp, ByReferenceOp, ByValueOp, ExternalOp, PrintOp, TextOp
from spatial.ir.dtypes import parse_type
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.sim.messages import Form, form_of, joined
from spatial.sim.reference.external import HostFunction
from spatial.sim.reference.ports import BLOCKS, CHANNEL_TEXT, Ports
from spatial.sim.reference.scalars import HELPERS, SCALARS, constant
from spatial.types.tensor import TensorType

__all__ = ["Statements"]

RESERVED = (*HELPERS, *BLOCKS, "lane", "locals", "min", "max", "abs", "range")
LONGEST = 120  # characters of an expression that is still written inside another one


class Statements(Ports, ABC):
    """Everything but loops; within a pipeline only the operations of one `stage` are written at a time.

    `ranges` says what indices range over.
    """

    def __init__(self, timings: Timings, watched: set[ir.Value]) -> None:
        super().__init__(RESERVED, watched)
        self.timings = timings
        self.cells: list[str] = []
        self.forms: dict[str, Form | HostFunction] = {}
        self.ranges: dict[ir.Value, tuple[int, int]] = {}
        self.stage: int | None = None
        self.timing: LoopTiming | None = None

    @abstractmethod
    def loop(self, op: ir.OpView) -> None:
        """A loop with everything in it."""

    @abstractmethod
    def external(self, op: ExternalOp) -> None:
        """A call of a function in C++."""

    def block(self, block: ir.Block) -> None:
        """The operations of a block that belong to the current stage; all of them outside of a pipeline."""
        for op in block.operations:
            self.operation(op)

    def here(self, op: ir.OpView) -> bool:
        """Whether an operation belongs to what is being written."""
        return self.stage is None or self.timing is None or self.timing.stages.get(op.operation) == self.stage

    def operation(self, op: ir.OpView) -> None:
        if self.stage is None and op.operation in self.timings.pauses:
            self.write(f"yield lane.idle({self.timings.pauses[op.operation]})")
        match op:
            case scf.IfOp():
                self.conditional(op)
            case scf.ForOp() | scf.WhileOp():
                self.loop(op)
            case ExternalOp():
                self.external(op)
            case scf.YieldOp() | scf.ConditionOp() | func.ReturnOp() | ByValueOp() | ByReferenceOp():
                pass
            case _ if self.here(op):
                self.simple(op)
                self.note_range(op)

    def note_range(self, op: ir.OpView) -> None:
        """Remembers what a value ranges over, where that is kept on its operation."""
        if "df.range" in op.attributes:
            low, high = (bound.value for bound in op.attributes["df.range"])
            self.ranges[op.results[0]] = (low, high)

    def simple(self, op: ir.OpView) -> None:
        """An operation without operations inside."""
        match op:
            case _ if type(op) in CHANNEL_TEXT:
                CHANNEL_TEXT[type(op)](self, op)
                self.pass_cycle()
            case PrintOp():
                text = joined(op, [self.names[value] for value in op.operands])
                self.write(f"lane.say({text}, {op.end.value!r}, {self.site(op)})")
                if self.stage is None:
                    self.write("lane.speak()")
            case AssertOp():
                condition, *values = op.operands
                text = joined(op, [self.names[value] for value in values])
                self.write(f"if not {self.names[condition]}: fail({self.site(op)}, {text})")
            case TextOp():
                name = self.fresh("text")
                self.forms[name] = form_of(op)
                self.computed(op, f"{name}({self.names[op.operand]})")
            case arith.ConstantOp():
                self.names[op.result] = constant(op)
                if op.operation.name == "arith.constant" and isinstance(op.result.type, ir.IndexType):
                    self.ranges[op.result] = (int(constant(op)),) * 2
            case memref.AllocaOp():
                self.allocate(op)
            case memref.SubViewOp():
                self.part(op)
            case memref.CopyOp():
                self.write(f"{self.names[op.target]}[:] = {self.names[op.source]}")
            case memref.GetGlobalOp():
                symbol = op.attributes["name"].value
                self.tables[self.bind(op.result, symbol)] = symbol
            case memref.LoadOp():
                result = self.bind(op.result)
                self.write(f"{result} = {self.element(op)}")
            case memref.StoreOp():
                self.store(op)
            case _:
                self.scalar(op)

    def pass_cycle(self) -> None:
        """Outside of a pipeline each channel operation is a step of its own."""
        if self.stage is None:
            self.write("yield lane.step()")

    def scalar(self, op: ir.OpView) -> None:
        operands = [self.names[operand] for operand in op.operands]
        self.computed(op, SCALARS[type(op)](op, operands, self.site(op)))

    def computed(self, op: ir.OpView, text: str) -> None:
        """The text of an operation's result: a name for it, or the text itself where that is used once."""
        (result,) = op.results
        users = [use.owner for use in result.uses]
        if len(users) == 1 and len(text) <= LONGEST and self.is_written_beside(op, users[0]):
            self.names[result] = text
        else:
            self.write(f"{self.bind(result)} = {text}")

    def is_written_beside(self, op: ir.OpView, user: ir.OpView) -> bool:
        """Whether a value can be written where it is used."""
        simple = not (is_loop(user) or isinstance(user, scf.IfOp | scf.YieldOp | scf.ConditionOp))
        stages: Mapping[ir.Operation, int] = self.timing.stages if self.timing else {}
        beside = user.operation.block == op.operation.block
        return simple and beside and stages.get(op.operation) == stages.get(user.operation)

    # Memory

    def allocate(self, op: memref.AllocaOp) -> None:
        name = self.bind(op.result, op.attributes["df.name"].value)
        type_ = self.types[name] = parse_type(op.attributes["df.type"].value)
        zero = "0.0" if isinstance(op.result.type.element_type, ir.FloatType) else "0"
        if isinstance(type_, TensorType):
            self.write(f"{name} = [{zero}] * {type_.size}")
        else:
            self.cells.append(name)
            self.write(f"{name} = {zero}")

    def is_variable(self, memory: ir.Value) -> bool:
        """Whether memory is a variable of the generator's own, as a local scalar is; one that it is given is a list."""
        return not memory.type.shape and not isinstance(memory.owner, ir.Block)

    def element(self, op: memref.LoadOp) -> str:
        memory = self.names[op.memref]
        if self.is_variable(op.memref):
            return memory
        position = self.position(op)
        return (
            f"{memory}.read({position}, lane.actor, {self.site(op)})"
            if op.memref in self.watched
            else f"{memory}[{position}]"
        )

    def part(self, op: memref.SubViewOp) -> None:
        """One position of the first dimension of memory, as a copy."""
        memory, position = (self.names[operand] for operand in op.operands)
        size = math.prod(op.result.type.shape)
        self.write(f"{self.bind(op.result)} = {memory}[{position} * {size} : ({position} + 1) * {size}]")

    def store(self, op: memref.StoreOp) -> None:
        memory, value = self.names[op.memref], self.names[op.value]
        if self.is_variable(op.memref):
            self.write(f"{memory} = {value}")
        elif op.memref in self.watched:
            self.write(f"{memory}.write({self.position(op)}, {value}, lane.actor, {self.site(op)})")
        else:
            self.write(f"{memory}[{self.position(op)}] = {value}")

    def position(self, op: memref.LoadOp | memref.StoreOp) -> str:
        """Where the element lies in C order; indices not known to be inside are checked."""
        shape = list(op.memref.type.shape)
        parts = []
        for axis, (index, extent) in enumerate(zip(op.indices, shape, strict=True)):
            low, high = self.ranges.get(index, (-1, -1))
            text = (
                self.names[index]
                if low >= 0 and high < extent
                else f"at({self.names[index]}, {extent}, {self.site(op)})"
            )
            stride = math.prod(shape[axis + 1 :])
            parts.append(text if stride == 1 else f"{text} * {stride}")
        return " + ".join(parts) or "0"

    # Control flow

    def conditional(self, op: scf.IfOp) -> None:
        """An `if`; within a pipeline its parts appear in every stage they have operations in."""
        for result in op.results:
            if result not in self.names:
                self.bind(result)
        branches = [
            (region.blocks[0], bool(self.work(region.blocks[0]))) for region in op.regions if len(region.blocks)
        ]
        if not any(works for _, works in branches):
            return
        condition = self.names[op.operands[0]]
        for position, (block, _) in enumerate(branches):
            self.write(f"if {condition}:" if position == 0 else "else:")
            with self.indented():
                self.write("pass")
                self.block(block)
                self.yielded(op, block)

    def work(self, block: ir.Block) -> bool:
        """Whether a block has anything to do in what is being written."""
        return any(self.here(op) or any(self.work(b) for r in op.regions for b in r.blocks) for op in block.operations)

    def yielded(self, op: scf.IfOp, block: ir.Block) -> None:
        last = list(block.operations)[-1]
        if isinstance(last, scf.YieldOp) and self.here(last):
            for result, value in zip(op.results, last.operands, strict=True):
                self.write(f"{self.names[result]} = {self.names[value]}")
