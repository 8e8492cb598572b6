"""Lowers memory: where an array lies, its elements, copies of blocks."""

import math
from abc import ABC
from collections.abc import Callable

from spatial.analysis.pipeline import Timings
from spatial.ir.dialect import PutOp, TryPutOp
from spatial.ir.mlir import func, ir, memref
from spatial.lower.llvm.kinds import bytes_of_value, element_text, load_value, store_value, type_text
from spatial.lower.llvm.layout import FAULTED
from spatial.lower.llvm.machine import POINTER
from spatial.lower.llvm.values import Values, Watched

__all__ = ["Memory", "bytes_of_memory"]


def bytes_of_memory(kind: ir.MemRefType) -> int:
    """The bytes that an array takes."""
    count: int = math.prod(kind.shape)
    return count * bytes_of_value(kind.element_type)


class Memory(Values, ABC):
    """A local scalar is a variable; every other array has an address.

    `homes` tell it, here, of arrays that lie elsewhere in every iteration, or are parts of others.
    """

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        super().__init__(function, timings, watched)
        self.homes: dict[ir.Value, Callable[[], str]] = {}

    def address(self, memory: ir.Value) -> str:
        """Where an array begins."""
        return self.homes[memory]() if memory in self.homes else self.names[memory]

    def room(self, size: int) -> Callable[[], str]:
        """So many bytes of the actor, or of the iteration where several overlap; what tells their address, here."""
        machine = self.machine
        if machine.lane is None:
            at = machine.reserve(size)
            return lambda: at
        place = machine.reserve_in_lane(size)
        return lambda: machine.in_lane(place)

    def allocate(self, op: memref.AllocaOp) -> None:
        """Memory full of zeros."""
        kind, machine = op.result.type, self.machine
        if not kind.shape:
            text = type_text(kind.element_type)
            self.variables[op.result] = machine.variable(text)
            machine.assign(self.variables[op.result], machine.zero(text))
            return
        size = bytes_of_memory(kind)
        if machine.lane is None:
            self.names[op.result] = machine.reserve(size)
        else:
            self.homes[op.result] = self.room(size)
        self.clear(self.address(op.result), size)

    def part(self, op: memref.SubViewOp) -> None:
        """One position of the first dimension of an array."""
        memory, position = op.operands
        size = bytes_of_memory(op.result.type)

        def address() -> str:
            far = self.machine.binary("llvm.mul", self.value(position), self.machine.integer(size))
            base = self.address(memory)
            return self.machine.op(f"llvm.getelementptr {base}[{far}] : ({POINTER}, i64) -> {POINTER}, i8")

        self.homes[op.result] = address

    def is_variable(self, memory: ir.Value) -> bool:
        """Whether memory is a local scalar, which no one else can see."""
        return memory in self.variables

    def load(self, op: memref.LoadOp) -> None:
        if self.is_variable(op.memref):
            self.bind(op.result, self.machine.read(self.variables[op.memref]))
            return
        at = self.element(op, "read")
        self.bind(op.result, load_value(self.machine, at, op.result.type))

    def store(self, op: memref.StoreOp) -> None:
        if self.is_variable(op.memref):
            self.machine.assign(self.variables[op.memref], self.value(op.value))
            return
        at = self.element(op, "writ")
        store_value(self.machine, self.value(op.value), at, op.value.type)

    def element(self, op: memref.LoadOp | memref.StoreOp, access: str) -> str:
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
        if op.memref in self.shadow:
            self.touch(op, op.memref, access, position)
        unit = element_text(op.memref.type.element_type)
        address = f"({POINTER}, i64) -> {POINTER}, {unit}"
        return machine.op(f"llvm.getelementptr {self.address(op.memref)}[{position}] : {address}")

    # Blocks

    def snapshot(self, op: PutOp | TryPutOp) -> Callable[[], str]:
        """A block to put as it is now: where other actors may change it while this one waits, a copy."""
        if op.value not in self.shadow:
            return lambda: self.address(op.value)
        kept = self.room(bytes_of_memory(op.value.type))
        self.touch(op, op.value, "read", self.machine.integer(0), math.prod(op.value.type.shape))
        self.copy(self.address(op.value), kept(), bytes_of_memory(op.value.type))
        return kept

    def write_block(self, memory: ir.Value, source: str | None, op: ir.OpView) -> None:
        """Copies what lies at an address into an array, or fills it with zeros."""
        if memory in self.shadow:
            self.touch(op, memory, "writ", self.machine.integer(0), math.prod(memory.type.shape))
        size = bytes_of_memory(memory.type)
        if source is None:
            self.clear(self.address(memory), size)
        else:
            self.copy(source, self.address(memory), size)

    def clear(self, target: str, size: int) -> None:
        zero, length = self.machine.constant("0", "i8"), self.machine.integer(size)
        kinds = f"({POINTER}, i8, i64) -> ()"
        self.machine.do(f'"llvm.intr.memset"({target}, {zero}, {length}) <{{isVolatile = false}}> : {kinds}')

    def copy(self, source: str, target: str, size: int) -> None:
        kinds = f"({POINTER}, {POINTER}, i64) -> ()"
        given = f"({target}, {source}, {self.machine.integer(size)})"
        self.machine.do(f'"llvm.intr.memcpy"{given} <{{isVolatile = false}}> : {kinds}')

    # Elements of several actors

    def touch(self, op: ir.OpView, memory: ir.Value, access: str, first: str, count: int | None = None) -> None:
        """Notes an access, "read" or "writ", to an element that others may touch, or to so many from the first on."""
        machine, parameter = self.machine, memory.arg_number
        places = [(first, "i64"), *([] if count is None else [(machine.integer(count), "i64")])]
        every = "" if count is None else "_all"
        shadow = (self.shadow[memory], POINTER)
        site = (machine.integer(self.place(op, parameter=parameter)), "i64")
        ends = [("%run", POINTER), ("%actor", POINTER)]
        if parameter in self.watched.recorded:
            given = [*ends, shadow, *places, (self.now(), "i64"), site]
            machine.call(f"df_{access}ing{every}", given)
            return
        kind = {"read": "reads", "writ": "writes"}[access]
        fine = machine.call(f"df_{kind}{every}", [shadow, *places, ends[1]], "i1")
        go, wrong = machine.label(), machine.label()
        machine.branch(fine, go, wrong, " weights([1000, 1])")
        machine.begin(wrong)
        machine.call("df_shared", [*ends, site])
        machine.leave(FAULTED)
        machine.begin(go)
