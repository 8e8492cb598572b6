"""Writes how a core takes and gives tokens: objects of objectFIFOs, acquired and released."""

from spatial.ir.dialect import GetBlockOp, GetOp, PeekBlockOp, PeekOp, PutOp
from spatial.ir.mlir import ir, memref
from spatial.lower.aie.dialect.build import access, acquire, release
from spatial.lower.aie.dialect.ops import CONSUME, PRODUCE
from spatial.lower.aie.emit.body import Body, FifoEnd, Memory, Window
from spatial.lower.aie.emit.objects.copying import copy
from spatial.lower.aie.emit.objects.windows import drop, seen

__all__ = ["begin_puts", "get_block", "get_number", "give_back", "peek_block", "peek_number", "put"]


def get_block(body: Body, op: GetBlockOp) -> None:
    """Takes an object; it is read in place, or copied into the block's own memory."""
    if (window := body.ends[op.stream].window) is not None:
        zero = body.index(0)
        copy(seen(body.ends[op.stream], window, zero), body.memories[op.block])
        drop(window)
        return
    token = _taken(body, op)
    if op.operation in body.plan.read:
        body.memories[op.block] = token
    else:
        copy(token, body.memories[op.block])


def get_number(body: Body, op: GetOp) -> None:
    """Takes an object of one element."""
    if (window := body.ends[op.stream].window) is not None:
        _number_seen(body, op, window, body.index(0))
        drop(window)
        return
    token = _taken(body, op)
    body.loaded(op.value, memref.load(token.value, [body.index(0)]), token.storage)


def peek_number(body: Body, op: PeekOp) -> None:
    """Looks at an object of one element."""
    window = body.ends[op.stream].window
    assert window is not None, "a kernel that peeks has a window"
    _number_seen(body, op, window, body.value(op.position))


def peek_block(body: Body, op: PeekBlockOp) -> None:
    """Copies an object that stays."""
    window = body.ends[op.stream].window
    assert window is not None, "a kernel that peeks has a window"
    copy(seen(body.ends[op.stream], window, body.value(op.position)), body.memories[op.block])


def _number_seen(body: Body, op: GetOp | PeekOp, window: Window, position: ir.Value) -> None:
    token = seen(body.ends[op.stream], window, position)
    body.loaded(op.value, memref.load(token.value, [*token.first, body.index(0)]), token.storage)


def put(body: Body, op: PutOp) -> None:
    """Gives an object that was built in place, or a new one that is filled now."""
    end = body.ends[op.stream]
    if not end.first:
        return
    if op.operation not in body.plan.built:
        token = _acquired(end, PRODUCE, 0)
        if isinstance(op.value.type, ir.MemRefType):
            copy(body.memories[op.value], token)
        else:
            memref.store(body.stored(op.value, token.storage), token.value, [body.index(0)])
    release(end.name, PRODUCE)


def begin_puts(body: Body, op: ir.OpView) -> None:
    """Acquires the objects of blocks that are built from this operation on."""
    for each in body.plan.before.get(op.operation, ()):
        end = body.ends[each.opview.stream]
        if end.first:
            body.memories[each.opview.value] = _acquired(end, PRODUCE, 0)


def give_back(body: Body, op: ir.OpView) -> None:
    """Releases the objects that were used for the last time."""
    for each in body.plan.after.get(op.operation, ()):
        release(body.ends[each.opview.stream].name, CONSUME)


def _taken(body: Body, op: GetOp | GetBlockOp) -> Memory:
    return _acquired(body.ends[op.stream], CONSUME, body.plan.held[op.operation])


def _acquired(end: FifoEnd, port: int, held: int) -> Memory:
    """The object behind those that the core holds."""
    view = acquire(end.name, port, held + 1, end.kind)
    return Memory(value=access(view, held, end.kind), storage=end.storage)
