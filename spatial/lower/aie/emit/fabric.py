"""Writes tiles, objectFIFOs and links, and knows what the rest of the module calls them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spatial.device.npu import Npu
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.lower.aie.design import Fifo, Kind, Mapped, Placement, Tile
from spatial.lower.aie.dialect.build import allocate, fifo, link, tile
from spatial.lower.aie.emit.called import Functions
from spatial.lower.aie.emit.names import Names
from spatial.lower.aie.emit.storage import Storage, Stores
from spatial.types.dtype import is_float

__all__ = ["Fabric", "begins_full", "dense", "kind_of", "write_fifos", "write_tiles"]


@dataclass(slots=True, kw_only=True)
class Fabric:
    """A module under way: `block` is that of its device."""

    mapped: Mapped
    placement: Placement
    npu: Npu
    stores: Stores
    outside: ir.Block
    block: ir.Block
    names: Names
    functions: Functions
    tiles: dict[Tile, ir.Value] = field(default_factory=dict)
    locks: dict[str, ir.Value] = field(default_factory=dict)
    buffers: dict[str, str] = field(default_factory=dict)
    scalars: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def tile_of(self, node: str) -> ir.Value:
        """The tile of a node."""
        return self.tiles[self.placement.tiles[node]]

    def symbol(self, name: str) -> str:
        """What a fifo is called in the module."""
        return self.names.of(("fifo", name), name)


def kind_of(fabric: Fabric, name: str) -> ir.Type:
    """The type of one object of a fifo."""
    given = fabric.mapped.fifo[name]
    return fabric.stores.fifos[name].memref(given.shape or (1,))


def write_tiles(fabric: Fabric) -> None:
    """All tiles that something stands on, column after column from the south."""
    for column, row in sorted(set(fabric.placement.tiles.values())):
        fabric.tiles[column, row] = tile(column, row)


def write_fifos(fabric: Fabric) -> None:
    """All objectFIFOs, then what memory tiles do with them."""
    for each in fabric.mapped.fifos:
        with location(each.span):
            _write_fifo(fabric, each)
    for joined in fabric.mapped.links:
        sources, targets = ([fabric.symbol(name) for name in names] for names in (joined.sources, joined.targets))
        link(sources, targets, joined.offsets)


def _write_fifo(fabric: Fabric, given: Fifo) -> None:
    symbol, storage = fabric.symbol(given.name), fabric.stores.fifos[given.name]
    initial = _initial(given, storage) if begins_full(given) else []
    fifo(
        symbol,
        [fabric.tile_of(end.node) for end in given.ends],
        [end.depth for end in given.ends],
        kind_of(fabric, given.name),
        given.producer.walk,
        [end.walk for end in given.consumers],
        initial,
        through_dma=_leaves_memory(fabric, given),
    )
    memory = fabric.placement.memory_of.get(given.name)
    if memory is not None and memory != _usual(fabric, given):
        allocate(symbol, fabric.tiles[memory])


def begins_full(given: Fifo) -> bool:
    """Whether a fifo begins with as many tokens as its producer has objects: the format has first values of all."""
    return len(given.initial) == given.producer.depth * math.prod(given.shape)


def _leaves_memory(fabric: Fabric, given: Fifo) -> bool:
    """Whether DMA carries a fifo between cores that could share memory."""
    if given.name in fabric.placement.memory_of or len(given.consumers) > 1:
        return False
    ends = [end.node for end in given.ends]
    return all(fabric.mapped.node[name].kind is Kind.CORE for name in ends) and _usual(fabric, given) is not None


def _usual(fabric: Fabric, given: Fifo) -> Tile | None:
    """The tile in whose memory the tools put objects unless they are told otherwise; None where none is shared."""
    producer, consumer = (fabric.placement.tiles[end.node] for end in given.ends[:2])
    reached, reaching = fabric.npu.neighbours(producer), fabric.npu.neighbours(consumer)
    if producer in reaching:
        return producer
    return consumer if consumer in reached else None


def _initial(given: Fifo, storage: Storage) -> Sequence[ir.Attribute]:
    """The objects that a fifo begins with."""
    size = math.prod(given.shape)
    values = given.initial
    return [dense(values[first : first + size], given.shape or (1,), storage) for first in range(0, len(values), size)]


def dense(values: Sequence[int | float], shape: Sequence[int], storage: Storage) -> ir.Attribute:
    """Values as they lie in memory."""
    kind = storage.element
    tensor = ir.RankedTensorType.get(list(shape), kind)
    if isinstance(kind, ir.IntegerType) and not is_float(storage.dtype):
        wrapped = [
            (int(value) + (1 << (kind.width - 1))) % (1 << kind.width) - (1 << (kind.width - 1)) for value in values
        ]
        array = np.array(wrapped, dtype=f"int{kind.width}").reshape(shape)
        return ir.DenseElementsAttr.get(array, type=tensor)
    elements: list[ir.Attribute] = [ir.FloatAttr.get(kind, float(value)) for value in values]
    return ir.DenseElementsAttr.get(elements, tensor)
