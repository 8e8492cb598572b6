"""Lowers calls of functions in C++: what their reference does, or a call that Python makes."""

import itertools
from abc import ABC

from spatial.analysis.pipeline import Timings
from spatial.ir.dialect import ByReferenceOp, ByValueOp, ExternalOp
from spatial.ir.dtypes import parse_type
from spatial.ir.external import has_reference, is_timed, overlap_fault
from spatial.ir.mlir import func
from spatial.lower.llvm.kinds import bytes_of_value, element_text, to_words
from spatial.lower.llvm.layout import HostField
from spatial.lower.llvm.machine import POINTER
from spatial.lower.llvm.messages import Messages
from spatial.lower.llvm.values import Watched
from spatial.types.tensor import size_of

__all__ = ["External"]

Argument = ByValueOp | ByReferenceOp


class External(Messages, ABC):
    """Calls of functions in C++; `hosts` are those without a reference, for which the actor stops.

    Inside of a reference whose cycles are given, everything is `timeless`.
    """

    timeless = False

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        super().__init__(function, timings, watched)
        self.hosts = [op for op in self.found(ExternalOp) if not has_reference(op)]

    def external(self, op: ExternalOp) -> None:
        """What the function does, in its reference's own time or in the cycles that are given."""
        if not is_timed(op):
            self.body(op.body.blocks[0])
            return
        if has_reference(op):
            self.timeless = True
            self.body(op.body.blocks[0])
            self.timeless = False
        else:
            self.host_call(op)
        self.pass_time(self.machine.integer(op.cycles.value))

    def host_call(self, op: ExternalOp) -> None:
        """The actor stops until Python has made the call; elements that others touch are watched as in any access."""
        arguments = [value.owner.opview for value in op.operands]
        arrays = [each for each in arguments if isinstance(each, ByReferenceOp)]
        self.check_overlaps(op, arrays)
        for each in arrays:
            if each.direction.value != "out":
                self.touch_part(op, each, "read")
        record = self.hand_over(op, arguments)
        result = self.machine.op(f"llvm.load {self.in_record(record, HostField.RESULT)} : {POINTER} -> i64")
        for position, each in enumerate(arguments, start=1):
            if isinstance(each, ByReferenceOp) and each.direction.value != "in":
                fine = self.machine.op(f'llvm.icmp "ne" {result}, {self.machine.integer(position)} : i64')
                self.demand(fine, op, "")
                self.touch_part(op, each, "writ")

    def hand_over(self, op: ExternalOp, arguments: list[Argument]) -> str:
        """Stops with a `HostField`, whose address comes out, filled."""
        machine, made = self.machine, self.machine.label()
        record = machine.reserve(8 * (len(HostField) + len(arguments)))
        number = (machine.integer(self.hosts.index(op)), "i64")
        words = [self.word(each) for each in arguments]
        for place, (word, kind) in [(HostField.NUMBER, number), *enumerate(words, start=len(HostField))]:
            machine.do(f"llvm.store {word}, {self.in_record(record, place)} : {kind}, {POINTER}")
        machine.call("df_host", [("%run", POINTER), ("%actor", POINTER), (record, POINTER)])
        machine.stop(made)
        machine.begin(made)
        return record

    def in_record(self, record: str, place: int) -> str:
        """The address of a field of a `HostField`."""
        return self.machine.offset(record, 8 * place)

    def word(self, argument: Argument) -> tuple[str, str]:
        """An argument as a word, with its type; no more is passed of a number that C++ has no type for."""
        if isinstance(argument, ByReferenceOp):
            return self.part_address(argument), POINTER
        given = argument.operands[0]
        return to_words(self.machine, self.value(given), given.type)[0], "i64"

    def part_address(self, argument: ByReferenceOp) -> str:
        """Where the elements that are passed begin."""
        unit, first = element_text(argument.memory.type.element_type), self.value(argument.first)
        base = self.address(argument.memory)
        return self.machine.op(f"llvm.getelementptr {base}[{first}] : ({POINTER}, i64) -> {POINTER}, {unit}")

    def touch_part(self, op: ExternalOp, argument: ByReferenceOp, access: str) -> None:
        if argument.memory in self.shadow:
            self.touch(op, argument.memory, access, self.value(argument.first), _count(argument))

    def check_overlaps(self, op: ExternalOp, arrays: list[ByReferenceOp]) -> None:
        """What is written is given once."""
        for one, other in itertools.combinations(arrays, 2):
            if {one.direction.value, other.direction.value} != {"in"}:
                self.demand(self.are_apart(one, other), op, overlap_fault(op.symbol.value))

    def are_apart(self, one: ByReferenceOp, other: ByReferenceOp) -> str:
        """Whether the elements of two arguments lie apart."""
        machine = self.machine
        (begin, end), (also, until) = (self.bounds(each) for each in (one, other))
        before, behind = (
            machine.op(f'llvm.icmp "ule" {low}, {high} : i64') for low, high in ((end, also), (until, begin))
        )
        return machine.binary("llvm.or", before, behind, "i1")

    def bounds(self, argument: ByReferenceOp) -> tuple[str, str]:
        """The addresses that an argument's elements begin and end at."""
        machine = self.machine
        begin = machine.cast("llvm.ptrtoint", self.part_address(argument), POINTER, "i64")
        size = _count(argument) * bytes_of_value(argument.memory.type.element_type)
        return begin, machine.binary("llvm.add", begin, machine.integer(size))


def _count(argument: ByReferenceOp) -> int:
    """How many elements are passed."""
    return size_of(parse_type(argument.dtype.value))
