"""Checks of the programs of cores."""

from collections.abc import Callable, Mapping

from spatial.device.npu import Kind, Tile
from spatial.ir.function import operations
from spatial.ir.mlir import func, ir
from spatial.lower.aie.dialect.checks.fabric import object_of
from spatial.lower.aie.dialect.checks.fault import Faults, fault, not_a_number
from spatial.lower.aie.dialect.checks.held import objects_held
from spatial.lower.aie.dialect.checks.scope import Scope, symbol
from spatial.lower.aie.dialect.ops import (
    CONSUME,
    PRODUCE,
    AccessOp,
    AcquireOp,
    BufferOp,
    CoreOp,
    EndOp,
    LockOp,
    ReleaseOp,
    UseLockOp,
)

__all__ = ["core"]

COMPUTING = ("arith", "func", "math", "memref", "scf", "vector")
"""The dialects of what a core computes."""

ACTIONS = 2  # acquire, release, acquire where at least so much is there


def core(scope: Scope, op: CoreOp) -> Faults:
    """A core is the only one of its tile; each operation uses what stands there or what it reaches."""
    tile = scope.tile(op.tile)
    if tile is None or scope.kind(op.tile) is not Kind.CORE:
        return (yield fault(op, f"is at tile {tile}, which is no core tile"))
    same = [each for each in scope.operations if isinstance(each, CoreOp) and scope.tile(each.tile) == tile]
    if same[0].operation != op.operation:
        yield fault(op, f"is at tile {tile}, which has a core already")
    yield from not_a_number(op, "stack_size", 32, 0, scope.npu.core.memory)
    if not _ends(op):
        return (yield fault(op, "does not end with aie.end"))
    faults = [each for inner in operations(op.body.blocks[0]) for each in _inside(scope, tile, inner)]
    yield from faults
    if not faults:
        yield from objects_held(scope, op)


def _ends(op: CoreOp) -> bool:
    found = [each for block in op.body.blocks for each in block.operations]
    return bool(found) and isinstance(found[-1], EndOp)


def _inside(scope: Scope, tile: Tile, op: ir.OpView) -> Faults:
    if type(op) in INSIDE:
        yield from INSIDE[type(op)](scope, tile, op)
    elif op.operation.name.split(".")[0] not in COMPUTING:
        yield fault(op, "stands in a core")
    for value in op.operands:
        yield from _reached(scope, tile, op, value)


def _reached(scope: Scope, tile: Tile, op: ir.OpView, value: ir.Value) -> Faults:
    """What is used of other tiles is memory or a lock of one that the core reaches."""
    owner = value.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, BufferOp | LockOp):
        return
    place = scope.tile(owner.opview.tile)
    if place not in scope.npu.neighbours(tile):
        yield fault(op, f"uses @{owner.opview.sym_name.value} of tile {place}, which the core at {tile} does not reach")


def _acquire(scope: Scope, tile: Tile, op: AcquireOp) -> Faults:
    faults = list(_end(scope, tile, op))
    yield from faults
    if faults:
        return
    kind = scope.fifos[symbol(op.objFifo_name)].elemType.value
    if object_of(op.subview.type) != object_of(kind):
        yield fault(op, f"gives {op.subview.type}, {op.objFifo_name} is {kind}")


def _end(scope: Scope, tile: Tile, op: AcquireOp | ReleaseOp) -> Faults:
    """The core has that end of the objectFIFO, with as many objects."""
    if symbol(op.objFifo_name) not in scope.fifos:
        return (yield fault(op, f"names {op.objFifo_name}, which is no objectFIFO"))
    ports = list(not_a_number(op, "port", 32, PRODUCE, CONSUME))
    if ports:
        return (yield from ports)
    depth, side = scope.depth(op, tile), "begin" if op.port.value == PRODUCE else "end"
    if not depth:
        yield fault(op, f"is in the core at {tile}, where {op.objFifo_name} does not {side}")
    else:
        yield from not_a_number(op, "size", 32, 1, depth)


def _access(scope: Scope, tile: Tile, op: AccessOp) -> Faults:
    """The object is one of those that were acquired."""
    owner = op.subview.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, AcquireOp):
        yield fault(op, "is of no aie.objectfifo.acquire")
    else:
        yield from not_a_number(op, "index", 32, 0, int(owner.opview.size.value) - 1)


def _use_lock(scope: Scope, tile: Tile, op: UseLockOp) -> Faults:
    if isinstance(op.lock.owner, ir.Block) or not isinstance(op.lock.owner.opview, LockOp):
        yield fault(op, "is of no aie.lock")
    yield from not_a_number(op, "action", 32, 0, ACTIONS)
    yield from not_a_number(op, "value", 32, 0, scope.npu.core.most_lock)


def _call(scope: Scope, tile: Tile, op: func.CallOp) -> Faults:
    """The function is declared beside the device, with the file that it is linked with."""
    beside = scope.device.operation.block.operations
    found = [each for each in beside if isinstance(each, func.FuncOp) and each.name.value == op.callee.value]
    if not found or "link_with" not in found[0].attributes:
        yield fault(op, f"calls @{op.callee.value}, which no object file has")


def _last(scope: Scope, tile: Tile, op: EndOp) -> Faults:
    if not isinstance(op.operation.parent.opview, CoreOp):
        yield fault(op, "ends no core")


INSIDE: Mapping[type[ir.OpView], Callable[..., Faults]] = {
    AccessOp: _access,
    AcquireOp: _acquire,
    EndOp: _last,
    ReleaseOp: _end,
    UseLockOp: _use_lock,
    func.CallOp: _call,
}
