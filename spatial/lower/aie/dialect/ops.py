"""The operations of the aie and aiex dialects that we write, with the types of their operands and results.

Three things differ from the vendor's, and only the text shows his form. Names have underscores for dots. Layouts are
arrays of (size, stride). A function in C++ and its call are `aie.function` and `aie.call`, since a device of ours is no
table of symbols. What a verifier of a single operation cannot see is checked by `spatial.lower.aie.rules`.
"""

import functools
import sys
from collections.abc import Sequence
from typing import Any, TypeVar

from spatial.ir.dialect import context
from spatial.ir.mlir import ext, ir

__all__ = [
    "CONSUME",
    "PRODUCE",
    "AccessOp",
    "AcquireOp",
    "AllocateOp",
    "BufferOp",
    "CoreOp",
    "DeviceOp",
    "EndOp",
    "FifoOp",
    "FifoType",
    "LinkOp",
    "LockOp",
    "MemcpyOp",
    "ReleaseOp",
    "RtpWriteOp",
    "SequenceOp",
    "SetLockOp",
    "TileOp",
    "UseLockOp",
    "ViewType",
    "WaitOp",
    "aie_context",
]

T = TypeVar("T")

PRODUCE, CONSUME = 0, 1


class Aie(ext.Dialect, name="aie"):  # type: ignore[misc,call-arg]
    """Tiles of an array, objectFIFOs between them, and what their cores run."""


class Aiex(ext.Dialect, name="aiex"):  # type: ignore[misc,call-arg]
    """What the host has the array do."""


class FifoType(Aie.Type, name="objectfifo"):  # type: ignore[name-defined,misc,call-arg]
    """An objectFIFO; `element` is the memref that one object is."""

    element: Any


class ViewType(Aie.Type, name="objectfifosubview"):  # type: ignore[name-defined,misc,call-arg]
    """The objects that a core holds of an objectFIFO, the oldest first."""

    element: Any


class DeviceOp(Aie.Operation, name="device"):  # type: ignore[name-defined,misc,call-arg]
    """A design for the device of the number `device`."""

    device: ir.IntegerAttr
    sym_name: ir.StringAttr
    body: ext.Region


class TileOp(Aie.Operation, name="tile"):  # type: ignore[name-defined,misc,call-arg]
    """A tile of the array."""

    col: ir.IntegerAttr
    row: ir.IntegerAttr
    result: ext.Result[ir.IndexType]


class EndOp(Aie.Operation, name="end", traits=[ir.IsTerminatorTrait]):  # type: ignore[name-defined,misc,call-arg]
    """Ends a device and the program of a core."""


class BufferOp(Aie.Operation, name="buffer"):  # type: ignore[name-defined,misc,call-arg]
    """Memory of a tile; it may have an `initial_value`."""

    sym_name: ir.StringAttr
    tile: ext.Operand[ir.IndexType]
    buffer: ext.Result[Any]


class FifoOp(Aie.Operation, name="objectfifo_create"):  # type: ignore[name-defined,misc,call-arg]
    """An objectFIFO from the first tile to the others, with so many objects at each as `elemNumber` says, in order.

    It may have initial objects, `initValues`.
    """

    sym_name: ir.StringAttr
    elemNumber: ir.ArrayAttr
    elemType: ir.TypeAttr
    dimensionsToStream: ir.ArrayAttr
    dimensionsFromStreamPerConsumer: ir.ArrayAttr
    tiles: Sequence[ext.Operand[ir.IndexType]]


class LinkOp(Aie.Operation, name="objectfifo_link"):  # type: ignore[name-defined,misc,call-arg]
    """Has a memory tile pass objects on: one to one, parts of one to several, or several to parts of one."""

    fifoIns: ir.ArrayAttr
    fifoOuts: ir.ArrayAttr
    src_offsets: ir.ArrayAttr
    dst_offsets: ir.ArrayAttr


class AllocateOp(Aie.Operation, name="objectfifo_allocate"):  # type: ignore[name-defined,misc,call-arg]
    """Has the objects of an objectFIFO in shared memory lie in the memory of that tile."""

    objFifo_name: ir.FlatSymbolRefAttr
    tile: ext.Operand[ir.IndexType]


class AcquireOp(Aie.Operation, name="objectfifo_acquire"):  # type: ignore[name-defined,misc,call-arg]
    """Waits until the core holds `size` objects of one end of an objectFIFO, those that it has already included."""

    port: ir.IntegerAttr
    objFifo_name: ir.FlatSymbolRefAttr
    size: ir.IntegerAttr
    subview: ext.Result[ViewType[T]]


class AccessOp(Aie.Operation, name="objectfifo_subview_access"):  # type: ignore[name-defined,misc,call-arg]
    """One of the objects that a core holds."""

    index: ir.IntegerAttr
    subview: ext.Operand[ViewType[T]]
    output: ext.Result[T]


class ReleaseOp(Aie.Operation, name="objectfifo_release"):  # type: ignore[name-defined,misc,call-arg]
    """Gives the `size` oldest objects that the core holds of one end to the other end."""

    port: ir.IntegerAttr
    objFifo_name: ir.FlatSymbolRefAttr
    size: ir.IntegerAttr


class CoreOp(Aie.Operation, name="core"):  # type: ignore[name-defined,misc,call-arg]
    """The program of a core tile, with a stack of so many bytes.

    With `dynamic_objfifo_lowering` it finds out at run time which object is next, else its loops are unrolled.
    """

    stack_size: ir.IntegerAttr
    dynamic_objfifo_lowering: ir.IntegerAttr
    tile: ext.Operand[ir.IndexType]
    result: ext.Result[ir.IndexType]
    body: ext.Region


class LockOp(Aie.Operation, name="lock"):  # type: ignore[name-defined,misc,call-arg]
    """A lock of a tile, which begins at `init`."""

    sym_name: ir.StringAttr
    init: ir.IntegerAttr
    tile: ext.Operand[ir.IndexType]
    result: ext.Result[ir.IndexType]


class UseLockOp(Aie.Operation, name="use_lock"):  # type: ignore[name-defined,misc,call-arg]
    """Waits until a lock is at least `value`, and counts it down by as much."""

    action: ir.IntegerAttr
    value: ir.IntegerAttr
    lock: ext.Operand[ir.IndexType]


class SequenceOp(Aie.Operation, name="runtime_sequence", traits=[ir.NoTerminatorTrait]):  # type: ignore[name-defined,misc,call-arg]
    """What the host has done in a run, on the arrays that it hands over."""

    sym_name: ir.StringAttr
    body: ext.Region


class MemcpyOp(Aiex.Operation, name="npu_dma_memcpy_nd"):  # type: ignore[name-defined,misc,call-arg]
    """Queues a transfer between an array of the host and an objectFIFO's end at a shim, dimensions outermost first."""

    static_offsets: ir.ArrayAttr
    static_sizes: ir.ArrayAttr
    static_strides: ir.ArrayAttr
    metadata: ir.FlatSymbolRefAttr
    id: ir.IntegerAttr
    issue_token: ir.IntegerAttr
    burst_length: ir.IntegerAttr
    array: ext.Operand[Any]


class WaitOp(Aiex.Operation, name="npu_dma_wait"):  # type: ignore[name-defined,misc,call-arg]
    """Waits until a transfer that issues a token has ended, the oldest of its objectFIFO that is not waited for."""

    symbol: ir.FlatSymbolRefAttr


class RtpWriteOp(Aiex.Operation, name="npu_rtp_write"):  # type: ignore[name-defined,misc,call-arg]
    """Writes a number into a word of a buffer."""

    buffer: ir.FlatSymbolRefAttr
    index: ir.IntegerAttr
    value: ir.IntegerAttr


class SetLockOp(Aiex.Operation, name="set_lock"):  # type: ignore[name-defined,misc,call-arg]
    """Sets a lock."""

    value: ir.IntegerAttr
    lock: ext.Operand[ir.IndexType]


@functools.cache
def aie_context() -> ir.Context:
    """The context of all our modules, with both dialects loaded."""
    shared = context()
    # The bindings look for a Python module of each operation's dialect whenever they meet one.
    for name in ("aie", "aiex"):
        sys.modules[f"{ir.Context.__module__.split('.')[0]}.dialects.{name}"] = sys.modules[__name__]
    with shared, ir.Location.unknown():
        Aie.load()
        Aiex.load()
    return shared
