"""Does once what an iteration of a loop does several times."""

from collections.abc import Hashable

from spatial.analysis.dependence.aliases import aliases
from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.schedule.ahead import ARITHMETIC, REMOVABLE, put_ahead
from spatial.schedule.copying import is_pure, statements
from spatial.schedule.held import NUMBER, Element, Held, offset_of
from spatial.schedule.indices import minus, plus, value_of
from spatial.schedule.loops.requests import called, refused

__all__ = ["simplify"]


Table = dict[Hashable, ir.Value]
"""The values that are at hand, by what makes them."""


def simplify(function: func.FuncOp, loop: ir.OpView) -> ir.OpView:
    """Keeps at hand what an iteration of a loop computes, loads and stores; the loop.

    Arithmetic on the same operands is done once. An element that is at hand, loaded or stored before, is not loaded
    again, and a store that a later one overwrites unread is left out. What a branch without another side loads and
    computes comes ahead of it, where that cannot fail. Every value stays what it was, bit for bit.
    Refused where nothing is done twice.
    """
    first = aliases(function)
    alias = {value: function.arguments[first[number]] for number, value in enumerate(function.arguments)}
    work = Simplifying(given=list(function.arguments))
    for region in loop.regions:
        for block in region.blocks:
            work.block(block, {}, Held(alias=alias))
            _sweep(block)
    if not work.done:
        title = f"`simplify` finds nothing that an iteration of {called(loop)} does twice"
        raise refused(title, (loop, "no two operations here surely compute, load or store the same"))
    return loop


class Simplifying:
    """Goes through blocks in the order of the text; `done` counts the operations that were left out."""

    def __init__(self, given: list[ir.Value]) -> None:
        self.given = given
        self.done = 0

    def block(self, block: ir.Block, table: Table, held: Held) -> None:
        for op in statements(block):
            self.operation(op, table, held)

    def operation(self, op: ir.OpView, table: Table, held: Held) -> None:
        match op:
            case memref.LoadOp():
                self.load(op, held)
            case memref.StoreOp():
                self.store(op, held)
            case _ if is_pure(op) or isinstance(op, ARITHMETIC):
                self.compute(op, table)
            case memref.AllocaOp():
                pass
            case scf.IfOp():
                for each in put_ahead(op):
                    self.operation(each, table, held)
                self.other(op, table, held)
            case _:
                self.other(op, table, held)

    def load(self, op: memref.LoadOp, held: Held) -> None:
        element = _element(op)
        if element in held.values:
            self.leave_out(op, held.values[element])
            return
        held.read(element)
        held.values[element] = op.result

    def store(self, op: memref.StoreOp, held: Held) -> None:
        element = _element(op)
        if element in held.unread:
            held.unread[element].operation.erase()
            self.done += 1
        held.written(element)
        held.unread[element] = op
        held.values[element] = op.value

    def compute(self, op: ir.OpView, table: Table) -> None:
        if len(op.results) != 1:
            return
        key = _key(op)
        made = table.get(key)
        if made is None:
            made = table[key] = _shortened(op)
        if made != op.results[0]:
            self.leave_out(op, made)

    def leave_out(self, op: ir.OpView, made: ir.Value) -> None:
        """An operation is not done: its result is at hand."""
        self.done += not isinstance(op, arith.ConstantOp)
        op.results[0].replace_all_uses_with(made)
        op.operation.erase()

    def other(self, op: ir.OpView, table: Table, held: Held) -> None:
        """Branches, loops, tokens and whatever else may read or write."""
        changed = self.changed(op)
        if not isinstance(op, scf.IfOp):
            held.forget(changed)
        held.unread.clear()
        for region in op.regions:
            for block in region.blocks:
                self.block(block, dict(table), held.inside())
        held.forget(changed)

    def changed(self, op: ir.OpView) -> set[ir.Value]:
        """The memory that an operation may store to: where others may have their turn, all that is given."""
        found: set[ir.Value] = set()
        for each in (op, *(inner for region in op.regions for block in region.blocks for inner in operations(block))):
            if isinstance(each, (*CHANNEL_OPERATIONS, func.CallOp)):
                found.update(self.given)
            if not isinstance(each, memref.LoadOp):
                found.update(value for value in each.operands if isinstance(value.type, ir.MemRefType))
        return found


def _element(op: memref.LoadOp | memref.StoreOp) -> Element:
    return Element(memory=op.memref, place=tuple(map(offset_of, op.indices)))


def _key(op: ir.OpView) -> Hashable:
    """What an operation computes: the same as all others with this key."""
    result = op.results[0]
    if isinstance(result.type, ir.IndexType) and (offset := offset_of(result)) != (result, 0):
        return offset
    said = frozenset((name, op.attributes[name]) for name in op.attributes if name != "df.range")
    return op.operation.name, tuple(op.operands), tuple(each.type for each in op.results), said


def _shortened(op: ir.OpView) -> ir.Value:
    """The result of an operation: a sum of an index and several constants as one of the index and one constant."""
    result: ir.Value = op.results[0]
    base, constant = offset_of(result) if isinstance(result.type, ir.IndexType) else (NUMBER, 0)
    if isinstance(base, str) or base == result or (constant and base in list(op.operands)):
        return result
    with ir.InsertionPoint(op), op.location:
        return value_of(plus(base, constant) if constant >= 0 else minus(base, -constant))


def _sweep(block: ir.Block) -> None:
    """Erases arithmetic and loads that nobody uses."""
    for op in reversed(statements(block)):
        for region in op.regions:
            for inner in region.blocks:
                _sweep(inner)
        if (is_pure(op) or isinstance(op, REMOVABLE)) and not any(True for result in op.results for _ in result.uses):
            op.operation.erase()
