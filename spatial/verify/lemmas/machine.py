"""Runs a function on unknown bits."""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spatial.ir.dialect import AssertOp, BitOp, PrintOp, TextOp, WithinOp
from spatial.ir.location import span_of
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.ir.tables import attribute_value, table_values
from spatial.source.errors import ProgramError
from spatial.source.span import Span
from spatial.verify.lemmas.errors import NotBits
from spatial.verify.lemmas.forms import FORMS, Bits, Forms
from spatial.verify.lemmas.solver import Term
from spatial.verify.lemmas.terms import FAULTS, TERMS, width_of

__all__ = ["Fault", "Machine"]

MOST_STEPS = 200_000
MOST_CHOICES = 4096  # elements among which an index that depends on inputs chooses

Cells = list[Bits]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where a run may fail, and for which inputs."""

    when: Term
    what: str
    span: Span


@dataclass(slots=True, kw_only=True)
class Machine:
    """A function being run: what its values are, what its memory holds, and the inputs with which it comes here."""

    forms: Forms
    values: dict[ir.Value, Bits]
    memory: dict[ir.Value, Cells]
    path: Term
    tables: Mapping[str, memref.GlobalOp] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    steps: int = 0

    @property
    def z3(self) -> Any:
        """The solver."""
        return self.forms.z3

    def block(self, block: ir.Block) -> list[Bits]:
        """Runs the operations of a block; what it yields."""
        for op in block.operations:
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise _refused("so many operations, one after the other", op)
            if isinstance(op, scf.YieldOp | func.ReturnOp | scf.ConditionOp):
                return [self.values[each] for each in op.operands]
            self.operation(op)
        return []

    def operation(self, op: ir.OpView) -> None:
        """Runs one operation."""
        step = STEPS.get(type(op))
        if step is not None:
            step(self, op)
            return
        make = TERMS.get(type(op))
        if make is None or any(width_of(each.type) is None for each in (*op.operands, *op.results)):
            raise _refused(f"`{op.operation.name}`", op)
        operands = [self.values[each] for each in op.operands]
        if type(op) in FAULTS:
            self.may_fail(op, *FAULTS[type(op)](self.z3, op, [each.term for each in operands]))
        form = FORMS.get(type(op))
        made = form(self.forms, op, operands) if form else None
        self.values[op.results[0]] = made or self.of(make(self.z3, op, [each.term for each in operands]))

    def of(self, term: Term) -> Bits:
        """An expression of the solver's as bits."""
        simple = self.z3.simplify(term)
        if self.z3.is_bv_value(simple):
            return self.forms.number(int(simple.as_long()), int(simple.size()))
        return Bits(self.forms, int(simple.size()), made=simple)

    def may_fail(self, op: ir.OpView, when: Term, what: str) -> None:
        """Remembers for which inputs an operation fails."""
        when = self.z3.simplify(self.z3.And(self.path, when))
        if not self.z3.is_false(when):
            self.faults.append(Fault(when=when, what=what, span=span_of(op.location)))

    def position(self, op: ir.OpView, memory: ir.Value, indices: Sequence[ir.Value]) -> int | Term:
        """Which cell of memory indices mean: a number, or an expression; outside of it the run fails."""
        z3, extents = self.z3, list(memory.type.shape)
        found = [self.values[index] for index in indices]
        numbers = [each.number for each in found]
        for index, number, extent in zip(found, numbers, extents, strict=True):
            if number is None or not 0 <= number < extent:
                self.may_fail(op, z3.UGE(index.term, extent), "an index out of range")
        if None not in numbers:
            inside = (number % extent for number, extent in zip(numbers, extents, strict=True) if number is not None)
            return functools.reduce(lambda at, pair: at * pair[1] + pair[0], zip(inside, extents, strict=True), 0)
        place = z3.BitVecVal(0, 64)
        for index, extent in zip(found, extents, strict=True):
            place = place * extent + index.term
        return place

    def choose(self, condition: Term, then: Callable[[], list[Bits]], other: Callable[[], list[Bits]]) -> list[Bits]:
        """Takes both branches, and joins what they leave."""
        z3, path = self.z3, self.path
        before = {memory: list(cells) for memory, cells in self.memory.items()}
        self.path = z3.And(path, condition)
        one = then()
        after, self.memory = self.memory, before
        self.path = z3.And(path, z3.Not(condition))
        two = other()
        self.path = path
        for memory, cells in after.items():
            others = self.memory.get(memory)
            self.memory[memory] = (
                cells if others is None else [self.either(condition, a, b) for a, b in zip(cells, others, strict=True)]
            )
        return [self.either(condition, a, b) for a, b in zip(one, two, strict=True)]

    def either(self, condition: Term, a: Bits, b: Bits) -> Bits:
        """The one or the other bits."""
        return a if a is b or a.term.eq(b.term) else self.of(self.z3.If(condition, a.term, b.term))


def _refused(what: str, op: ir.OpView) -> ProgramError:
    return ProgramError([NotBits(what=what, span=span_of(op.location))])


def _constant(machine: Machine, op: arith.ConstantOp) -> None:
    width = width_of(op.result.type)
    if width is None:
        raise _refused("floating point", op)
    value = attribute_value(op.attributes["value"])
    machine.values[op.result] = machine.forms.number(int(value), width)


def _allocate(machine: Machine, op: memref.AllocaOp) -> None:
    """Local memory starts as zeros."""
    width = width_of(op.result.type.element_type)
    if width is None:
        raise _refused("floating point", op)
    machine.memory[op.result] = [machine.forms.number(0, width)] * math.prod(op.result.type.shape)


def _table(machine: Machine, op: memref.GetGlobalOp) -> None:
    width = width_of(op.result.type.element_type)
    if width is None:
        raise _refused("floating point", op)
    values = table_values(machine.tables[op.attributes["name"].value])
    machine.memory[op.result] = [machine.forms.number(int(value), width) for value in values]


def _load(machine: Machine, op: memref.LoadOp) -> None:
    z3, cells = machine.z3, _cells(machine, op)
    place = machine.position(op, op.memref, list(op.indices))
    if isinstance(place, int):
        machine.values[op.result] = cells[place]
        return
    _check_choices(op, cells)
    found = cells[0].term
    for number, cell in enumerate(cells[1:], start=1):
        found = z3.If(place == number, cell.term, found)
    machine.values[op.result] = machine.of(found)


def _store(machine: Machine, op: memref.StoreOp) -> None:
    cells, value = _cells(machine, op), machine.values[op.value]
    place = machine.position(op, op.memref, list(op.indices))
    if isinstance(place, int):
        cells[place] = value
        return
    _check_choices(op, cells)
    for number, cell in enumerate(cells):
        cells[number] = machine.either(place == number, value, cell)


def _cells(machine: Machine, op: ir.OpView) -> Cells:
    if op.memref not in machine.memory:
        raise _refused("a part of an array", op)
    return machine.memory[op.memref]


def _check_choices(op: ir.OpView, cells: Cells) -> None:
    if len(cells) > MOST_CHOICES:
        raise _refused(f"an array of {len(cells)} elements, indexed by what depends on inputs", op)


def _within(machine: Machine, op: WithinOp) -> None:
    bits = machine.values[op.operand]
    machine.may_fail(op, machine.z3.UGE(bits.term, op.extent.value), f"an index out of range of {op.what.value}")
    machine.values[op.value] = bits


def _bit(machine: Machine, op: BitOp) -> None:
    bits = machine.values[op.operand]
    machine.may_fail(op, machine.z3.UGE(bits.term, op.limit.value), "a bit that is not there")
    machine.values[op.value] = bits


def _assert(machine: Machine, op: AssertOp) -> None:
    machine.may_fail(op, machine.values[op.condition].term == 0, "an assertion that does not hold")


def _branch(machine: Machine, op: scf.IfOp) -> None:
    z3 = machine.z3
    condition = z3.simplify(machine.values[op.operands[0]].term == 1)
    then, other = (functools.partial(_taken, machine, region) for region in op.regions)
    if z3.is_true(condition) or z3.is_false(condition):
        results = then() if z3.is_true(condition) else other()
    else:
        results = machine.choose(condition, then, other)
    machine.values.update(zip(op.results, results, strict=True))


def _taken(machine: Machine, region: ir.Region) -> list[Bits]:
    """Runs a branch, which may be missing."""
    return machine.block(region.blocks[0]) if len(region.blocks) else []


def _loop(machine: Machine, op: scf.ForOp) -> None:
    low, high, step = (machine.values[each].number for each in list(op.operands)[:3])
    if low is None or high is None or step is None:
        raise _refused("a loop that runs as often as an input says", op)
    carried = [machine.values[each] for each in list(op.operands)[3:]]
    for number in range(low, high, step):
        machine.values[op.induction_variable] = machine.forms.number(number, 64)
        machine.values.update(zip(op.inner_iter_args, carried, strict=True))
        carried = machine.block(op.body)
    machine.values.update(zip(op.results, carried, strict=True))


def _while(machine: Machine, op: scf.WhileOp) -> None:
    """A loop whose condition is known in each round."""
    before, after = (region.blocks[0] for region in op.regions)
    carried = [machine.values[each] for each in op.operands]
    while True:
        machine.values.update(zip(before.arguments, carried, strict=True))
        condition, *passed = machine.block(before)
        goes_on = condition.number
        if goes_on is None:
            raise _refused("a loop that runs as often as an input says", op)
        if not goes_on:
            break
        machine.values.update(zip(after.arguments, passed, strict=True))
        carried = machine.block(after)
    machine.values.update(zip(op.results, passed, strict=True))


def _nothing(machine: Machine, op: ir.OpView) -> None:
    """What is told while a program runs is no part of what it computes."""


STEPS: Mapping[type, Callable[[Machine, Any], None]] = {
    arith.ConstantOp: _constant,
    memref.AllocaOp: _allocate,
    memref.GetGlobalOp: _table,
    memref.LoadOp: _load,
    memref.StoreOp: _store,
    WithinOp: _within,
    BitOp: _bit,
    AssertOp: _assert,
    PrintOp: _nothing,
    TextOp: _nothing,
    scf.IfOp: _branch,
    scf.ForOp: _loop,
    scf.WhileOp: _while,
}
