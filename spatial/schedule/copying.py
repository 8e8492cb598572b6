"""Copies, moves and erases operations of a function under rewriting."""

from collections.abc import Iterable, Iterator, Sequence

from spatial.analysis.loops import is_loop
from spatial.analysis.static import OPERATIONS
from spatial.ir.function import operations
from spatial.ir.location import name_of
from spatial.ir.mlir import arith, func, ir, scf
from spatial.schedule.indices import known
from spatial.schedule.naming import fresh_name, loop_name

__all__ = [
    "Values",
    "clone",
    "erase_unused",
    "is_inside",
    "is_pure",
    "move",
    "rename",
    "replace",
    "settle",
    "sink_arithmetic",
    "slice_of",
    "statements",
    "used_in",
]

Values = dict[ir.Value, ir.Value]
"""What stands for a value in a copy."""

PURE = tuple(OPERATIONS)


def is_pure(op: ir.OpView) -> bool:
    """Whether an operation is arithmetic on integers that may run elsewhere, more often or not at all."""
    return isinstance(op, PURE) and "extent" not in op.attributes


def statements(block: ir.Block) -> list[ir.OpView]:
    """The operations of a block without what ends it."""
    return [op for op in block.operations if not isinstance(op, scf.YieldOp | func.ReturnOp)]


def clone(ops: Iterable[ir.OpView], values: Values, function: func.FuncOp | None = None) -> list[ir.OpView]:
    """Copies of operations at the insertion point; `values` say what they use instead, and of what they make.

    Loops in copies for a `function` are given names of their own.
    """
    made = []
    for op in ops:
        copy = op.operation.clone().opview
        _match(op.operation, copy.operation, values)
        if function is not None:
            _name_afresh(copy, function)
        made.append(copy)
    return made


def replace(ops: Iterable[ir.OpView], values: Values) -> None:
    """Operations use other values from now on."""
    for op in ops:
        _match(op.operation, op.operation, values)


def used_in(op: ir.Operation) -> Iterator[ir.Value]:
    """Every value that an operation uses, and those inside it."""
    yield from op.operands
    for region in op.regions:
        for block in region.blocks:
            for inner in block.operations:
                yield from used_in(inner.operation)


def _match(op: ir.Operation, copy: ir.Operation, values: Values) -> None:
    for position, operand in enumerate(op.operands):
        if operand in values:
            copy.operands[position] = values[operand]
    for region, other in zip(op.regions, copy.regions, strict=True):
        for block, copied in zip(region.blocks, other.blocks, strict=True):
            for inner, inside in zip(block.operations, copied.operations, strict=True):
                _match(inner.operation, inside.operation, values)
    values.update(zip(op.results, copy.results, strict=True))


def _name_afresh(copy: ir.OpView, function: func.FuncOp) -> None:
    """New names for the loops of a copy, which the function has already."""
    for op in (copy, *(inner for region in copy.regions for block in region.blocks for inner in operations(block))):
        if is_loop(op) and "df.name" in op.attributes:
            name = loop_name(op)
            del op.attributes["df.name"]
            rename(op, fresh_name(function, name))


def rename(loop: ir.OpView, name: str) -> None:
    """Calls a loop otherwise, its variable too."""
    loop.attributes["df.name"] = ir.StringAttr.get(name)
    for argument in loop.regions[0].blocks[0].arguments:
        place = argument.location
        inner = place.child_loc if name_of(place) else place
        argument.set_location(ir.Location.name(name, inner))


def move(ops: Sequence[ir.OpView], block: ir.Block) -> None:
    """Operations to the end of a block, before what ends it."""
    last = list(block.operations)[-1] if len(block.operations) else None
    ended = last is not None and isinstance(last, scf.YieldOp | func.ReturnOp)
    for op in ops:
        if ended:
            op.operation.move_before(last)
        else:
            block.append(op.operation)


def slice_of(value: ir.Value, outer: ir.Operation) -> list[ir.OpView] | None:
    """The operations inside `outer` that make a value, in order; None where one is more than arithmetic."""
    found: dict[ir.Operation, ir.OpView] = {}

    def look(each: ir.Value) -> bool:
        owner = each.owner
        if isinstance(owner, ir.Block):
            return True
        op = owner.operation
        if op in found or not is_inside(op, outer):
            return True
        if not is_pure(op.opview) or not all(look(operand) for operand in op.operands):
            return False
        found[op] = op.opview
        return True

    return list(found.values()) if look(value) else None


def is_inside(op: ir.Operation, outer: ir.Operation) -> bool:
    """Whether an operation stands within another, at any depth."""
    parent = op.parent
    while parent is not None and parent != outer:
        parent = parent.parent
    return parent is not None


def erase_unused(values: Iterable[ir.Value]) -> None:
    """Erases arithmetic that made the values where nobody uses it any more."""
    found: dict[ir.Operation, None] = {}
    for value in values:
        _note_makers(value, found)
    while unused := [op for op in found if not any(True for _ in op.results[0].uses)]:
        for op in unused:
            del found[op]
            op.erase()


def _note_makers(value: ir.Value, found: dict[ir.Operation, None]) -> None:
    """Adds the arithmetic that makes a value, from its last operation to its first ones."""
    owner = value.owner
    if isinstance(owner, ir.Block) or owner.operation in found or not is_pure(owner.opview):
        return
    found[owner.operation] = None
    for operand in owner.operands:
        _note_makers(operand, found)


def sink_arithmetic(loop: scf.ForOp) -> None:
    """Moves arithmetic into the only loop of a body where only that uses it, so that a nest is perfect."""
    body = statements(loop.body)
    loops = [op for op in body if is_loop(op)]
    if len(loops) != 1 or not isinstance(loops[0], scf.ForOp) or not all(is_pure(op) or op in loops for op in body):
        return
    (nested,) = loops
    for op in reversed(body[: body.index(nested)]):
        users = [use.owner.operation for result in op.results for use in result.uses]
        if not isinstance(op, arith.ConstantOp) and all(is_inside(user, nested.operation) for user in users):
            op.operation.move_before(nested.body.operations[0])
    sink_arithmetic(nested)


def settle(ops: Iterable[ir.OpView]) -> None:
    """Folds index arithmetic on numbers and branches that are decided; erases what nobody uses then."""
    left = [each for op in ops for each in _settled(op)]
    for op in reversed(left):
        if is_pure(op) and not any(True for _ in op.results[0].uses):
            op.operation.erase()


def _settled(op: ir.OpView) -> list[ir.OpView]:
    """What is left of an operation."""
    if isinstance(op, scf.IfOp) and not len(op.results) and (decided := known(op.operands[0])) is not None:
        return _taken(op, 0 if decided else 1)
    if is_pure(op) and not isinstance(op, arith.ConstantOp) and _folds(op.results[0].type):
        number = known(op.results[0])
        return [op] if number is None else [_number(op, number)]
    for region in op.regions:
        for block in region.blocks:
            settle(list(block.operations))
    return [op]


def _folds(kind: ir.Type) -> bool:
    return isinstance(kind, ir.IndexType) or (isinstance(kind, ir.IntegerType) and kind.width == 1)


def _number(op: ir.OpView, number: int) -> ir.OpView:
    """The constant that an operation always makes, in its place."""
    kind = op.results[0].type
    with ir.InsertionPoint(op), op.location:
        made: ir.OpView = arith.ConstantOp(kind, ir.IntegerAttr.get(kind, number))
    op.results[0].replace_all_uses_with(made.result)
    op.operation.erase()
    return made


def _taken(op: scf.IfOp, region: int) -> list[ir.OpView]:
    """What a decided branch does, in its place."""
    kept = [each for block in op.regions[region].blocks for each in statements(block)]
    for each in kept:
        each.operation.move_before(op.operation)
    op.operation.erase()
    return [left for each in kept for left in _settled(each)]
