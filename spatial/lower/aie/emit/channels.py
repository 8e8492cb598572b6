"""Writes how a core takes and gives tokens: objects of objectFIFOs, acquired and released."""

from collections.abc import Callable, Sequence

from spatial.ir.dialect import GetBlockOp, GetOp, PutOp
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.lower.aie.dialect.build import access, acquire, release
from spatial.lower.aie.dialect.ops import CONSUME, PRODUCE
from spatial.lower.aie.emit.body import Body, FifoEnd, Memory, from_bits, to_bits
from spatial.lower.aie.emit.held import integer
from spatial.lower.aie.emit.storage import Storage

__all__ = ["begin_puts", "get_block", "get_number", "give_back", "put"]


def get_block(body: Body, op: GetBlockOp) -> None:
    """Takes an object; it is read in place, or copied into the block's own memory."""
    token = _taken(body, op)
    if op.operation in body.plan.read:
        body.memories[op.block] = token
    else:
        copy(token, body.memories[op.block])


def get_number(body: Body, op: GetOp) -> None:
    """Takes an object of one element."""
    token = _taken(body, op)
    body.loaded(op.value, memref.load(token.value, [body.index(0)]), token.storage)


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


def copy(source: Memory, target: Memory) -> None:
    """Copies all elements; both have the same shape."""

    def inner(places: Sequence[ir.Value]) -> None:
        element = memref.load(source.value, list(places))
        memref.store(_converted(element, source.storage, target.storage), target.value, list(places))

    nest(source.value.type.shape, inner)


def nest(shape: Sequence[int], inner: Callable[[Sequence[ir.Value]], None], done: Sequence[ir.Value] = ()) -> None:
    """Loops over all places of an array."""
    if not shape:
        inner(done)
        return
    low, high, step = (arith.constant(ir.IndexType.get(), number) for number in (0, shape[0], 1))
    loop = scf.ForOp(low, high, step)
    with ir.InsertionPoint(loop.body):
        nest(shape[1:], inner, (*done, loop.induction_variable))
        scf.YieldOp([])


def _converted(element: ir.Value, source: Storage, target: Storage) -> ir.Value:
    """An element that lies in memory in one way as it lies in the other."""
    if element.type == target.element:
        return element
    if not isinstance(element.type, ir.IntegerType) or not isinstance(target.element, ir.IntegerType):
        kind = target.element if not isinstance(target.element, ir.IntegerType) else element.type
        return from_bits(element, kind) if kind == target.element else to_bits(element, target.element)
    if int(element.type.width) > int(target.element.width):
        return arith.trunci(target.element, element)
    extend = arith.extsi if source.signed else arith.extui
    return extend(integer(int(target.element.width)), element)
