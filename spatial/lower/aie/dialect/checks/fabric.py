"""Checks of tiles and of what lies in them: memory, locks, objectFIFOs and links."""

import math
from collections.abc import Callable, Mapping, Sequence

from spatial.device.npu import Kind
from spatial.ir.mlir import ir
from spatial.lower.aie.dialect.checks.fault import Faults, fault, not_a_number
from spatial.lower.aie.dialect.checks.scope import Scope, symbol
from spatial.lower.aie.dialect.ops import AllocateOp, BufferOp, FifoOp, FifoType, LinkOp, LockOp, TileOp, ViewType

__all__ = ["FABRIC", "LINKS", "is_whole", "object_of"]

NUMBERS = (8, 16, 32, 64)


def _tile(scope: Scope, op: TileOp) -> Faults:
    """A tile of the device, named once."""
    yield from not_a_number(op, "col", 32, 0, scope.npu.columns - 1)
    yield from not_a_number(op, "row", 32, 0, scope.npu.rows - 1)
    first = next(
        each for each in scope.operations if isinstance(each, TileOp) and scope.tile(each.result) == _place(scope, op)
    )
    if first.operation != op.operation:
        yield fault(op, f"is tile {_place(scope, op)}, which is named before")


def _place(scope: Scope, op: TileOp) -> object:
    return scope.tile(op.result)


def _buffer(scope: Scope, op: BufferOp) -> Faults:
    """An array of numbers in a tile that has memory."""
    if scope.kind(op.tile) not in (Kind.CORE, Kind.MEMORY):
        yield fault(op, "lies in no core tile or memory tile")
    if not is_whole(op.buffer.type):
        yield fault(op, f"is of type {op.buffer.type}, which is no array of numbers")
    elif "initial_value" in op.attributes:
        yield from _same_shape(op, op.attributes["initial_value"], op.buffer.type)


def _lock(scope: Scope, op: LockOp) -> Faults:
    """A lock of a tile, at a number that it counts to."""
    if (kind := scope.kind(op.tile)) is None:
        yield fault(op, "is of no tile")
    else:
        yield from not_a_number(op, "init", 32, 0, scope.npu.limits(kind).most_lock)


def _fifo(scope: Scope, op: FifoOp) -> Faults:
    """Each end is a tile with a depth and a walk; objects are arrays of numbers, and so are initial ones."""
    count = len(op.operands)
    kinds = [scope.kind(tile) for tile in op.operands]
    if count < 2:
        return (yield fault(op, f"has {count} ends, it has a producer and a consumer at least"))
    if None in kinds:
        yield fault(op, f"has end {kinds.index(None)} at no tile")
    if len(set(scope.ends(op)[1:])) < count - 1:
        yield fault(op, "has two consumers at one tile")
    yield from _depths(op, count)
    yield from _walks(op, "dimensionsToStream", op.dimensionsToStream)
    if len(op.dimensionsFromStreamPerConsumer) != count - 1:
        walks = len(op.dimensionsFromStreamPerConsumer)
        yield fault(op, f"has walks for {walks} consumers, it has {count - 1}")
    for walk in op.dimensionsFromStreamPerConsumer:
        yield from _walks(op, "dimensionsFromStreamPerConsumer", walk)
    if not isinstance(op.elemType.value, FifoType) or not is_whole(object_of(op.elemType.value)):
        yield fault(op, f"is of type {op.elemType.value}, whose objects are no arrays of numbers")
    elif "initValues" in op.attributes:
        yield from _initial(scope, op)


def _depths(op: FifoOp, count: int) -> Faults:
    """A depth for each end."""
    if len(op.elemNumber) != count:
        yield fault(op, f"has {len(op.elemNumber)} depths, and {count} ends")
    for depth in op.elemNumber:
        if depth.type != ir.IntegerType.get_signless(32) or depth.value < 1:
            yield fault(op, f"has the depth {depth}, which is an i32 of 1 at least")


def _walks(op: FifoOp, name: str, walk: ir.Attribute) -> Faults:
    """Pairs of size and stride."""
    for pair in walk:
        numbers = list(pair) if isinstance(pair, ir.ArrayAttr) else []
        if len(numbers) != 2 or any(each.type != ir.IntegerType.get_signless(64) for each in numbers):
            yield fault(op, f"has {pair} in {name}, which is a size and a stride, each an i64")


def _initial(scope: Scope, op: FifoOp) -> Faults:
    """As many as the producer holds, each like an object, where a core begins with them."""
    given = list(op.attributes["initValues"])
    if len(given) != op.elemNumber[0].value:
        yield fault(op, f"begins with {len(given)} objects, its producer holds {op.elemNumber[0].value}")
    if scope.kind(op.operands[0]) is Kind.SHIM:
        yield fault(op, "begins with objects, and comes from a shim, which has no memory")
    for each in given:
        yield from _same_shape(op, each, object_of(op.elemType.value))


def _link(scope: Scope, op: LinkOp) -> Faults:
    """One side has one objectFIFO; all meet at a memory tile, and the parts lie in the whole."""
    sources, targets = ([symbol(each) for each in side] for side in (op.fifoIns, op.fifoOuts))
    if missing := [name for name in (*sources, *targets) if name not in scope.fifos]:
        return (yield fault(op, f"names @{missing[0]}, which is no objectFIFO"))
    if not sources or not targets or min(len(sources), len(targets)) > 1:
        return (yield fault(op, f"has {len(sources)} sources and {len(targets)} targets, one side has 1"))
    tile = scope.ends(scope.fifos[targets[0]])[0]
    for name in sources:
        if tile not in scope.ends(scope.fifos[name])[1:]:
            yield fault(op, f"takes from @{name}, which does not end at tile {tile}")
    for name in targets:
        if scope.ends(scope.fifos[name])[0] != tile:
            yield fault(op, f"gives to @{name}, which does not begin at tile {tile}")
    if scope.kind(scope.fifos[targets[0]].operands[0]) is not Kind.MEMORY:
        yield fault(op, f"is at tile {tile}, which is no memory tile")
    joins = len(sources) > 1
    yield from _offsets(scope, op, "src_offsets", op.src_offsets, sources if joins else [], targets[0])
    yield from _offsets(scope, op, "dst_offsets", op.dst_offsets, targets if len(targets) > 1 else [], sources[0])


def _offsets(scope: Scope, op: LinkOp, name: str, given: ir.ArrayAttr, parts: Sequence[str], whole: str) -> Faults:
    """One for each part, which lies in the whole from there on."""
    if len(given) != len(parts):
        return (yield fault(op, f"has {len(given)} {name} for {len(parts)} parts"))
    size = _size(scope.fifos[whole])
    for offset, part in zip(given, parts, strict=True):
        if not 0 <= offset.value <= size - _size(scope.fifos[part]):
            yield fault(op, f"puts @{part} at element {offset.value} of @{whole}, which has {size}")


def _allocate(scope: Scope, op: AllocateOp) -> Faults:
    """The objects of an objectFIFO between two cores lie in a tile that both reach."""
    fifo = scope.fifos.get(symbol(op.objFifo_name))
    if fifo is None:
        return (yield fault(op, f"names {op.objFifo_name}, which is no objectFIFO"))
    tile = scope.tile(op.tile)
    for end in scope.ends(fifo):
        if end is not None and tile not in scope.npu.neighbours(end):
            yield fault(op, f"puts the objects of {op.objFifo_name} into tile {tile}, which {end} does not reach")


def object_of(kind: FifoType | ViewType) -> ir.Type:
    """The type of one object of an objectFIFO, or of those of it that a core holds."""
    return ir.TypeAttr(kind.element).value


def is_whole(kind: ir.Type) -> bool:
    """Whether a type is that of an array of a known shape, of numbers that a tile's memory holds."""
    if not isinstance(kind, ir.MemRefType) or not kind.has_static_shape or not kind.shape:
        return False
    element = kind.element_type
    number = isinstance(element, ir.FloatType) or (isinstance(element, ir.IntegerType) and element.is_signless)
    return min(kind.shape) > 0 and number and element.width in NUMBERS


def _size(op: FifoOp) -> int:
    return math.prod(object_of(op.elemType.value).shape)


def _same_shape(op: ir.OpView, given: ir.Attribute, kind: ir.MemRefType) -> Faults:
    """First values are elements of the array that they are for."""
    if not isinstance(given, ir.DenseElementsAttr):
        yield fault(op, f"begins with {given}, which are no elements")
    elif list(given.type.shape) != list(kind.shape) or given.type.element_type != kind.element_type:
        yield fault(op, f"begins with values of {given.type}, and is {kind}")


Check = Callable[[Scope, ir.OpView], Faults]
FABRIC: Mapping[type[ir.OpView], Check] = {BufferOp: _buffer, FifoOp: _fifo, LockOp: _lock, TileOp: _tile}
"""How what others name is checked."""
LINKS: Mapping[type[ir.OpView], Check] = {AllocateOp: _allocate, LinkOp: _link}
"""How what names objectFIFOs is checked."""
