"""The cores of a written module, and the nodes that they were written for."""

from collections.abc import Iterator

from spatial.ir.mlir import ir
from spatial.lower.aie.design import Kind, Node, Tile
from spatial.lower.aie.dialect.ops import BufferOp, CoreOp, DeviceOp
from spatial.lower.aie.rules.subject import Subject

__all__ = ["cores_of", "device_of", "node_of", "tile_of"]


def device_of(subject: Subject) -> ir.Block:
    """The block of the module's device."""
    assert subject.module is not None
    (device,) = (op for op in subject.module.body.operations if isinstance(op, DeviceOp))
    return device.body.blocks[0]


def cores_of(subject: Subject) -> Iterator[CoreOp]:
    """The cores of the device."""
    return (op for op in device_of(subject).operations if isinstance(op, CoreOp))


def tile_of(op: CoreOp | BufferOp) -> Tile:
    """The tile that a core or a buffer is of."""
    tile = op.tile.owner.opview
    return int(tile.col.value), int(tile.row.value)


def node_of(subject: Subject, core: CoreOp) -> Node | None:
    """The node that a core was written for."""
    assert subject.placement is not None
    cores = (node for node in subject.mapped.nodes if node.kind is Kind.CORE)
    return next((node for node in cores if subject.placement.tiles[node.name] == tile_of(core)), None)
