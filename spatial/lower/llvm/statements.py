"""Lowers the statements of a kernel's function: scalar operations, memory, branches."""

from abc import ABC, abstractmethod

from spatial.ir.dialect import BitOp, ByReferenceOp, ByValueOp, ExternalOp, WithinOp
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.lower.llvm.kinds import type_text
from spatial.lower.llvm.memory import Memory, bytes_of_memory
from spatial.lower.llvm.scalars import DIVISIONS, SCALARS, constant_text
from spatial.source.errors import InternalError

__all__ = ["Statements"]


class Statements(Memory, ABC):
    """Everything but channels and loops; within a pipeline only operations of one `stage` are written at a time."""

    @abstractmethod
    def loop(self, op: ir.OpView) -> None:
        """A loop with everything in it."""

    @abstractmethod
    def external(self, op: ExternalOp) -> None:
        """A call of a function in C++."""

    @abstractmethod
    def channel_operation(self, op: ir.OpView) -> bool:
        """An operation on a channel; whether it was one."""

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
                case ExternalOp():
                    self.external(op)
                case scf.YieldOp() | scf.ConditionOp() | func.ReturnOp() | ByValueOp() | ByReferenceOp():
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
                self.names[op.result] = self.machine.constant(constant_text(op), type_text(op.result.type))
            case memref.AllocaOp():
                self.allocate(op)
            case memref.SubViewOp():
                self.part(op)
            case memref.CopyOp():
                self.copy(self.address(op.source), self.address(op.target), bytes_of_memory(op.target.type))
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
                raise InternalError(f"nobody lowers `{op.operation.name}` to machine code")

    def scalar(self, op: ir.OpView) -> None:
        operands = [self.value(operand) for operand in op.operands]
        if isinstance(op, DIVISIONS):
            kind = type_text(op.result.type)
            fine = self.machine.op(f'llvm.icmp "ne" {operands[1]}, {self.machine.constant("0", kind)} : {kind}')
            self.demand(fine, op, "division by zero")
            operands = [self.value(operand) for operand in op.operands]
        self.bind(op.result, SCALARS[type(op)](self.machine, op, operands))

    def inside(self, op: WithinOp | BitOp, extent: int, what: str) -> None:
        value, limit = self.value(op.operand), self.machine.integer(extent)
        self.demand(self.machine.op(f'llvm.icmp "ult" {value}, {limit} : i64'), op, what, value)
        self.bind(op.value, self.value(op.operand))

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

    def pass_time(self, cycles: str, work: int = 1) -> None:
        """Cycles go by, for so many stages of work; the actor stops where the run ends, or others shall go on."""
        machine = self.machine
        machine.assign(self.clock, machine.binary("llvm.add", machine.read(self.clock), cycles))
        self.breathe(work)

    @abstractmethod
    def breathe(self, work: int = 1) -> None:
        """Lets the run end here, after so many stages of work."""
