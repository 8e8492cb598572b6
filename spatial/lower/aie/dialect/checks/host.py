"""Checks of the host's sequence."""

from collections.abc import Callable, Mapping

from spatial.device.npu import Kind
from spatial.ir.mlir import ir
from spatial.lower.aie.dialect.checks.fabric import is_whole
from spatial.lower.aie.dialect.checks.fault import Faults, fault, not_a_number
from spatial.lower.aie.dialect.checks.scope import Scope, symbol
from spatial.lower.aie.dialect.ops import LockOp, MemcpyOp, RtpWriteOp, SequenceOp, SetLockOp, WaitOp

__all__ = ["sequence"]

DIMENSIONS = 4
LISTS = ("static_offsets", "static_sizes", "static_strides")
WORD = 32


def sequence(scope: Scope, op: SequenceOp) -> Faults:
    """It has arrays, and operations of the host on what the device has."""
    first = next(each for each in scope.operations if isinstance(each, SequenceOp))
    if first.operation != op.operation:
        yield fault(op, "is the second of its device")
    if len(op.body.blocks) != 1:
        return (yield fault(op, f"has {len(op.body.blocks)} blocks, it has 1"))
    for array in op.body.blocks[0].arguments:
        if not is_whole(array.type):
            yield fault(op, f"is given {array.type}, which is no array of numbers")
    for inner in op.body.blocks[0].operations:
        if type(inner) in INSIDE:
            yield from INSIDE[type(inner)](scope, inner)
        else:
            yield fault(inner, "stands in the host's sequence")


def _memcpy(scope: Scope, op: MemcpyOp) -> Faults:
    """Four dimensions of an array of the sequence, to or from an end at a shim."""
    yield from _at_shim(scope, op, symbol(op.metadata))
    yield from not_a_number(op, "id", 64, 0, scope.npu.shim.descriptors - 1)
    if op.burst_length.value not in (0, *scope.npu.bursts):
        yield fault(op, f"has bursts of {op.burst_length.value} bytes, which are {scope.npu.bursts}")
    if not isinstance(op.array.owner, ir.Block):
        return (yield fault(op, "moves no array of the sequence"))
    lists = [list(op.attributes[name]) for name in LISTS]
    for name, given in zip(LISTS, lists, strict=True):
        if len(given) != DIMENSIONS or any(each.type != ir.IntegerType.get_signless(64) for each in given):
            return (yield fault(op, f"has {op.attributes[name]} as {name}, which are {DIMENSIONS} numbers of type i64"))
    if op.array.type.element_type.width > WORD:
        yield fault(op, f"moves elements of {op.array.type.element_type}, which has {WORD} bits at most")
    yield from _bounds(op, *([each.value for each in given] for given in lists))


def _bounds(op: MemcpyOp, offsets: list[int], sizes: list[int], strides: list[int]) -> Faults:
    """A transfer moves something, and stays in its array."""
    if min(sizes) < 1:
        return (yield fault(op, f"has the sizes {sizes}, each is 1 at least"))
    begin = sum(offset * stride for offset, stride in zip(offsets, strides, strict=True))
    steps = [(size - 1) * stride for size, stride in zip(sizes, strides, strict=True)]
    low, high = begin + sum(min(step, 0) for step in steps), begin + sum(max(step, 0) for step in steps)
    count = 1
    for extent in op.array.type.shape:
        count *= extent
    if low < 0 or high >= count:
        yield fault(op, f"moves elements {low} to {high} of an array of {count}")


def _wait(scope: Scope, op: WaitOp) -> Faults:
    yield from _at_shim(scope, op, symbol(op.symbol))


def _at_shim(scope: Scope, op: ir.OpView, name: str) -> Faults:
    """The objectFIFO that an operation names has an end at a shim."""
    if name not in scope.fifos:
        yield fault(op, f"names @{name}, which is no objectFIFO")
    elif Kind.SHIM not in [scope.kind(tile) for tile in scope.fifos[name].operands]:
        yield fault(op, f"names @{name}, which has no end at a shim")


def _rtp_write(scope: Scope, op: RtpWriteOp) -> Faults:
    """A word of a buffer that the device has."""
    found = scope.buffers.get(symbol(op.buffer))
    if found is None:
        yield fault(op, f"names {op.buffer}, which is no buffer")
        return
    kind = found.buffer.type
    if kind.element_type.width != WORD or not 0 <= op.index.value < kind.shape[0]:
        yield fault(op, f"writes word {op.index.value} of {op.buffer}, which is {kind}")


def _set_lock(scope: Scope, op: SetLockOp) -> Faults:
    if isinstance(op.lock.owner, ir.Block) or not isinstance(op.lock.owner.opview, LockOp):
        yield fault(op, "is of no aie.lock")
    yield from not_a_number(op, "value", 32, 0, scope.npu.core.most_lock)


INSIDE: Mapping[type[ir.OpView], Callable[..., Faults]] = {
    MemcpyOp: _memcpy,
    RtpWriteOp: _rtp_write,
    SetLockOp: _set_lock,
    WaitOp: _wait,
}
