"""Builds operations of the dialects at the insertion point."""

from collections.abc import Iterable, Mapping, Sequence

from spatial.ir.mlir import ir
from spatial.lower.aie.dialect.ops import (
    AccessOp,
    AcquireOp,
    AllocateOp,
    BufferOp,
    CoreOp,
    DeviceOp,
    EndOp,
    FifoOp,
    FifoType,
    LinkOp,
    LockOp,
    MemcpyOp,
    ReleaseOp,
    RtpWriteOp,
    SequenceOp,
    SetLockOp,
    TileOp,
    UseLockOp,
    ViewType,
    WaitOp,
)

__all__ = [
    "access",
    "acquire",
    "allocate",
    "buffer",
    "core",
    "device",
    "end",
    "fifo",
    "link",
    "lock",
    "memcpy",
    "release",
    "rtp_write",
    "sequence",
    "set_lock",
    "tile",
    "use_lock",
    "wait",
]

Layout = Sequence[tuple[int, int]]


def device(code: int, name: str) -> ir.Block:
    """A device; gives its block, which `end` must end."""
    op = _create(DeviceOp, {"device": _i32(code), "sym_name": ir.StringAttr.get(name)}, regions=1)
    return op.regions[0].blocks.append()


def tile(column: int, row: int) -> ir.Value:
    """A tile."""
    return _create(TileOp, {"col": _i32(column), "row": _i32(row)}, results=[ir.IndexType.get()]).result


def end() -> None:
    """Ends a device or the program of a core."""
    _create(EndOp, {})


def buffer(on: ir.Value, name: str, kind: ir.Type, initial: ir.Attribute | None = None) -> ir.Value:
    """Memory of a tile."""
    given = {"sym_name": ir.StringAttr.get(name)} | ({"initial_value": initial} if initial else {})
    return _create(BufferOp, given, [on], [kind]).result


def fifo(
    name: str,
    tiles: Sequence[ir.Value],
    depths: Iterable[int],
    element: ir.Type,
    out: Layout = (),
    into: Sequence[Layout] = (),
    initial: Sequence[ir.Attribute] = (),
    *,
    through_dma: bool = False,
) -> None:
    """An objectFIFO from the first tile to the others; layouts of DMA where it leaves and at each consumer."""
    given: dict[str, ir.Attribute] = {
        "sym_name": ir.StringAttr.get(name),
        "elemNumber": ir.ArrayAttr.get([_i32(depth) for depth in depths]),
        "elemType": ir.TypeAttr.get(FifoType.get(element)),
        "dimensionsToStream": _layout(out),
        "dimensionsFromStreamPerConsumer": ir.ArrayAttr.get([_layout(each) for each in into]),
    }
    if initial:
        given["initValues"] = ir.ArrayAttr.get(list(initial))
    if through_dma:
        given["via_DMA"] = ir.BoolAttr.get(True)
    _create(FifoOp, given, tiles)


def allocate(name: str, on: ir.Value) -> None:
    """Has the objects of an objectFIFO lie in the memory of a tile that both ends reach."""
    _create(AllocateOp, {"objFifo_name": _symbol(name)}, [on])


def link(sources: Sequence[str], targets: Sequence[str], offsets: Sequence[int] = ()) -> None:
    """Passes objects on at a memory tile; offsets are those of the parts, in elements."""
    joins = len(sources) > 1
    given = {
        "fifoIns": _symbols(sources),
        "fifoOuts": _symbols(targets),
        "src_offsets": _i64s(offsets if joins else ()),
        "dst_offsets": _i64s(() if joins else offsets),
    }
    _create(LinkOp, given)


def acquire(name: str, port: int, size: int, element: ir.Type) -> ir.Value:
    """Waits until the core holds so many objects of an end."""
    return _create(AcquireOp, _end(name, port, size), results=[ViewType.get(element)]).result


def access(view: ir.Value, index: int, element: ir.Type) -> ir.Value:
    """One of the objects that the core holds."""
    return _create(AccessOp, {"index": _i32(index)}, [view], [element]).result


def release(name: str, port: int, size: int = 1) -> None:
    """Gives the oldest objects to the other end."""
    _create(ReleaseOp, _end(name, port, size))


def core(on: ir.Value, stack: int, label: str, *, dynamic: bool) -> ir.Block:
    """The program of a core; gives its block, which `end` must end."""
    given = {
        "stack_size": _i32(stack),
        "dynamic_objfifo_lowering": ir.BoolAttr.get(dynamic),
        "df.actor": ir.StringAttr.get(label),
    }
    return _create(CoreOp, given, [on], [ir.IndexType.get()], regions=1).regions[0].blocks.append()


def sequence(name: str, arrays: Sequence[ir.Type]) -> ir.Block:
    """The host's sequence on arrays; gives its block."""
    op = _create(SequenceOp, {"sym_name": ir.StringAttr.get(name)}, regions=1)
    return op.regions[0].blocks.append(*arrays)


def memcpy(
    array: ir.Value, fifo_name: str, offsets: Sequence[int], walk: Layout, number: int, *, token: bool, burst: int = 0
) -> None:
    """Queues a transfer along a walk of four dimensions, outermost first, as the task of that number.

    It begins at the sum of `offsets`, each times the stride of its dimension.
    """
    given = {
        "static_offsets": _i64s(offsets),
        "static_sizes": _i64s([size for size, _ in walk]),
        "static_strides": _i64s([stride for _, stride in walk]),
        "metadata": _symbol(fifo_name),
        "id": _i64(number),
        "issue_token": ir.BoolAttr.get(token),
        "burst_length": _i64(burst),
    }
    _create(MemcpyOp, given, [array])


def wait(fifo_name: str) -> None:
    """Waits for the oldest transfer of an objectFIFO that issues a token."""
    _create(WaitOp, {"symbol": _symbol(fifo_name)})


def rtp_write(buffer_name: str, index: int, value: int) -> None:
    """Writes a word of a buffer."""
    word = ir.IntegerAttr.get(ir.IntegerType.get_unsigned(32), index)
    _create(RtpWriteOp, {"buffer": _symbol(buffer_name), "index": word, "value": _i32(value)})


def lock(on: ir.Value, name: str) -> ir.Value:
    """A lock that begins at 0."""
    given = {"sym_name": ir.StringAttr.get(name), "init": _i32(0)}
    return _create(LockOp, given, [on], [ir.IndexType.get()]).result


def use_lock(which: ir.Value) -> None:
    """Waits in a core until a lock is at least 1, and counts it down."""
    _create(UseLockOp, {"action": _i32(2), "value": _i32(1)}, [which])


def set_lock(which: ir.Value, value: int) -> None:
    """Sets a lock in the host's sequence."""
    _create(SetLockOp, {"value": _i32(value)}, [which])


def _create(
    kind: type[ir.OpView],
    attributes: Mapping[str, ir.Attribute],
    operands: Sequence[ir.Value] = (),
    results: Sequence[ir.Type] = (),
    regions: int = 0,
) -> ir.Operation:
    made = ir.Operation.create(
        kind.OPERATION_NAME,
        results=list(results),
        operands=list(operands),
        attributes=dict(attributes),
        regions=regions,
    )
    return made.operation


def _end(name: str, port: int, size: int) -> dict[str, ir.Attribute]:
    return {"objFifo_name": _symbol(name), "port": _i32(port), "size": _i32(size)}


def _layout(walk: Layout) -> ir.ArrayAttr:
    return ir.ArrayAttr.get([_i64s(pair) for pair in walk])


def _symbols(names: Iterable[str]) -> ir.ArrayAttr:
    return ir.ArrayAttr.get([_symbol(name) for name in names])


def _symbol(name: str) -> ir.FlatSymbolRefAttr:
    return ir.FlatSymbolRefAttr.get(name)


def _i32(number: int) -> ir.IntegerAttr:
    return ir.IntegerAttr.get(ir.IntegerType.get_signless(32), number)


def _i64(number: int) -> ir.IntegerAttr:
    return ir.IntegerAttr.get(ir.IntegerType.get_signless(64), number)


def _i64s(numbers: Iterable[int]) -> ir.ArrayAttr:
    return ir.ArrayAttr.get([_i64(number) for number in numbers])
