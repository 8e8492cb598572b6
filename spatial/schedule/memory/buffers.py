"""Local copies of what a loop, or a function, uses of an array."""

from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.function import loads, operations, stores
from spatial.ir.mlir import func, ir
from spatial.schedule.copying import erase_unused
from spatial.schedule.memory.footprint import Footprint, footprint_of
from spatial.schedule.memory.requests import array_shape, buffer_name, counting, refused
from spatial.schedule.memory.staging import Staged, origin_of, users_of

__all__ = ["buffer_at", "cache_read", "cache_write", "check_others"]


def buffer_at(function: func.FuncOp, buffer: ir.Value, loop: ir.OpView) -> ir.Value:
    """Lets each iteration of a loop work on a local copy of the part of an array that it uses; the copy.

    The copy is a box, without the dimensions in which it has one index only. It is filled at the beginning of the
    iteration, unless all of it is stored before anything is read, and what the iteration stores is written back at its
    end. Refused where the part depends on data, is no box, or would be copied past another actor.
    """
    return _staged(function, buffer, loop, "buffer_at")


def cache_read(function: func.FuncOp, buffer: ir.Value, loop: ir.OpView | None = None) -> ir.Value:
    """Reads an array, or the part that an iteration of a loop uses, into a local copy once; the copy.

    Without a loop the copy is filled at the beginning of the function. Refused where the array is stored to there.
    """
    for op in _users(function, buffer, loop):
        if stores(op):
            hint = f"`buffer_at` and `cache_write` write `{buffer_name(buffer)}` back"
            raise refused(
                f"`cache_read` takes what is only read, `{buffer_name(buffer)}` is not", [(op, "stored here")], hint
            )
    return _staged(function, buffer, loop, "cache_read")


def cache_write(function: func.FuncOp, buffer: ir.Value, loop: ir.OpView | None = None) -> ir.Value:
    """Computes what is stored to an array in a local copy, which is written back once; the copy.

    That is at the end of each iteration of a loop, or of the function. Refused where nothing is stored there.
    """
    if not any(stores(op) for op in _users(function, buffer, loop)):
        place: ir.OpView = loop or function
        raise refused(
            f"`cache_write` takes what is stored to, `{buffer_name(buffer)}` is not",
            [(place, "nothing is stored here")],
            f"`cache_read` copies `{buffer_name(buffer)}` to be read",
        )
    return _staged(function, buffer, loop, "cache_write")


def _users(function: func.FuncOp, buffer: ir.Value, loop: ir.OpView | None) -> list[ir.OpView]:
    blocks = [function.entry_block] if loop is None else [block for region in loop.regions for block in region.blocks]
    return [op for block in blocks for op in operations(block) if buffer in list(op.operands)]


def _staged(function: func.FuncOp, buffer: ir.Value, loop: ir.OpView | None, step: str) -> ir.Value:
    array_shape(buffer, step)
    block = _block(function, buffer, loop, step)
    found = footprint_of(buffer, block, step)
    check_others(function, buffer, block, found, step)
    staged = Staged(function, buffer, found.box, f"{buffer_name(buffer)}_buffer")
    begin = ir.InsertionPoint.at_block_begin(block) if loop else ir.InsertionPoint.after(staged.buffer.owner)
    filled = _needs_filling(found, block)
    with begin, block.owner.location:
        origin = origin_of(found.box)
        if filled:
            staged.fill(origin)
    indices = [index for access in found.accesses for index in staged.redirect(access)]
    if found.stored is not None:
        with ir.InsertionPoint.at_block_terminator(block), block.owner.location:
            staged.write_back(found.stored if found.fully else found.box, origin)
    erase_unused(indices)
    return staged.buffer


def _block(function: func.FuncOp, buffer: ir.Value, loop: ir.OpView | None, step: str) -> ir.Block:
    if loop is None:
        if not isinstance(buffer.owner, ir.Block):
            title = f"`{step}` copies an array that the function is given, or the part in use in a loop"
            hint = f'name the loop: `{step}(s.{buffer_name(buffer)}, "i")`'
            raise refused(title, [(buffer, "made by the function itself")], hint)
        entry: ir.Block = function.entry_block
        return entry
    body: ir.Block = counting(loop, step).body
    return body


def check_others(function: func.FuncOp, buffer: ir.Value, block: ir.Block, found: Footprint, step: str) -> None:
    """Refuses to copy past tokens, which may order what others do to the array, and to write what they may write."""
    name, users = buffer_name(buffer), users_of(function, buffer)
    if any(times > 1 for _, times in users):
        title = f"`{step}` takes an array that has one name here, `{name}` is given to `{users[0][0]}` twice"
        raise refused(title, [(buffer, "one of its names")])
    if len(users) < 2:
        return
    tokens = [op for op in operations(block) if isinstance(op, CHANNEL_OPERATIONS)]
    if tokens:
        title = f"`{step}` would copy `{name}`, which other kernels use too, past a token that may order them"
        raise refused(title, [(found.accesses[0].op, "used here"), (tokens[0], "the token")])
    if found.stored is not None and not found.fully:
        title = f"`{step}` would write elements of `{name}` that this kernel does not, and others may"
        storing = next(access.op for access in found.accesses if stores(access.op))
        raise refused(title, [(storing, "not every element of a box is surely stored")])


def _needs_filling(found: Footprint, block: ir.Block) -> bool:
    """Whether something is read, or written back, that the block did not store before."""
    if found.stored is None or not found.fully:
        return True
    reading = [access.op for access in found.accesses if loads(access.op)]
    if not reading:
        return False
    sides = zip(found.box, found.stored, strict=True)
    if any((box.low, box.high) != (stored.low, stored.high) for box, stored in sides):
        return True
    order = {op.operation: number for number, op in enumerate(block.operations)}
    filling = [access for access in found.accesses if stores(access.op) and access.covers(found.stored)]
    first = min(order[_within(access.op, block)] for access in filling)
    return any(order[_within(op, block)] <= first for op in reading)


def _within(op: ir.OpView, block: ir.Block) -> ir.Operation:
    """The operation of a block that another one stands in."""
    found = op.operation
    while found.block != block:
        found = found.parent
    return found
