"""What the operations of a device refer to by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from spatial.device.npu import Kind, Npu, Tile
from spatial.ir.mlir import ir
from spatial.lower.aie.dialect.ops import AcquireOp, BufferOp, DeviceOp, FifoOp, LockOp, ReleaseOp, SequenceOp, TileOp

__all__ = ["NAMED", "Scope", "symbol"]

NAMED = (BufferOp, FifoOp, LockOp, SequenceOp)


@dataclass(frozen=True)
class Scope:
    """The device of a module, for an NPU."""

    device: DeviceOp
    npu: Npu

    @cached_property
    def operations(self) -> Sequence[ir.OpView]:
        """What stands in the device itself."""
        return list(self.device.body.blocks[0].operations)

    @cached_property
    def fifos(self) -> Mapping[str, FifoOp]:
        """objectFIFOs by name."""
        return {op.sym_name.value: op for op in self.operations if isinstance(op, FifoOp)}

    @cached_property
    def buffers(self) -> Mapping[str, BufferOp]:
        """Buffers by name."""
        return {op.sym_name.value: op for op in self.operations if isinstance(op, BufferOp)}

    def tile(self, value: ir.Value) -> Tile | None:
        """The tile that a value is, as (column, row)."""
        owner = value.owner
        if isinstance(owner, ir.Block) or not isinstance(owner.opview, TileOp):
            return None
        return int(owner.opview.col.value), int(owner.opview.row.value)

    def kind(self, value: ir.Value) -> Kind | None:
        """What stands at the tile that a value is."""
        tile = self.tile(value)
        return self.npu.kind_of(tile) if tile is not None and self.npu.has(tile) else None

    def ends(self, fifo: FifoOp) -> Sequence[Tile | None]:
        """The tiles of an objectFIFO's ends, the producer's first."""
        return [self.tile(value) for value in fifo.operands]

    def depth(self, op: AcquireOp | ReleaseOp, tile: Tile) -> int:
        """The objects at the end of an objectFIFO that a core at a tile uses; 0 where it has no such end."""
        fifo = self.fifos[symbol(op.objFifo_name)]
        ends = self.ends(fifo)
        places = range(1) if op.port.value == 0 else range(1, len(ends))
        place = next((n for n in places if ends[n] == tile), None)
        return 0 if place is None else int(fifo.elemNumber[place].value)


def symbol(reference: ir.Attribute) -> str:
    """The name in a reference to a symbol."""
    return str(reference.value)
