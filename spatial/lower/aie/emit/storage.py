"""How values lie in the memory of tiles and of the host's arrays."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx

from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import ir
from spatial.lower.aie.design import Fifo, Mapped, Transfer
from spatial.types.dtype import Bool, DType, Float, Index, is_signed

__all__ = ["WORD", "Storage", "Stores", "bytes_of", "native", "stores_of"]

WORD = 4
"""Bytes of a word, the least that DMA moves."""

NATIVE = (8, 16, 32, 64)


def native(bits: int) -> int:
    """The least width of at least so many bits that a core computes in; 0 where there is none."""
    return next((width for width in NATIVE if width >= bits), 0)


def bytes_of(dtype: DType) -> int:
    """The bytes that a value takes in memory; booleans take one, an index eight."""
    return 8 if isinstance(dtype, Index) else max(native(dtype.bits), 8) // 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How elements of a type lie in memory: as the type `element`, widened to words where DMA could not move them."""

    dtype: DType
    widened: bool = False

    @property
    def bytes(self) -> int:
        """What one element takes."""
        return WORD if self.widened else bytes_of(self.dtype)

    @property
    def element(self) -> ir.Type:
        """The type of an element in memory."""
        if isinstance(self.dtype, Float) and not self.widened:
            return scalar_type(self.dtype)
        return ir.IntegerType.get_signless(8 * self.bytes)

    @property
    def signed(self) -> bool:
        """Whether the bits above the value's own repeat its sign."""
        return not isinstance(self.dtype, Bool) and is_signed(self.dtype)

    def memref(self, shape: Iterable[int]) -> ir.Type:
        """The type of an array of such elements."""
        return ir.MemRefType.get(list(shape), self.element)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """How the objects of each fifo and the elements of each array of the host lie in memory, by name."""

    fifos: Mapping[str, Storage]
    arrays: Mapping[str, Storage]


def stores_of(mapped: Mapped) -> Stores:
    """How everything lies in memory.

    Whatever is copied to each other lies in the same way. Elements of less than a word that DMA would have to move in
    parts of words take a word each.
    """
    graph: networkx.Graph[tuple[str, str]] = networkx.Graph()
    graph.add_nodes_from(("fifo", fifo.name) for fifo in mapped.fifos)
    for link in mapped.links:
        networkx.add_path(graph, [("fifo", name) for name in (*link.sources, *link.targets)])
    for transfer in mapped.transfers:
        graph.add_edge(("fifo", transfer.fifo), ("array", transfer.array))
    odd = {("fifo", fifo.name) for fifo in mapped.fifos if _is_odd(fifo)}
    odd |= {("fifo", transfer.fifo) for transfer in mapped.transfers if _breaks_words(mapped, transfer)}
    found: dict[tuple[str, str], Storage] = {}
    for group in networkx.connected_components(graph):
        dtype = next(mapped.fifo[name].element for kind, name in group if kind == "fifo")
        storage = Storage(dtype=dtype, widened=not odd.isdisjoint(group) and bytes_of(dtype) < WORD)
        found |= dict.fromkeys(group, storage)
    fifos, arrays = (
        {name: storage for (kind, name), storage in found.items() if kind == wanted} for wanted in ("fifo", "array")
    )
    return Stores(fifos=fifos, arrays=arrays)


def _is_odd(fifo: Fifo) -> bool:
    """Whether an object is no whole number of words, or a walk of DMA would split words."""
    size = bytes_of(fifo.element)
    walks = [end.walk for end in fifo.ends if end.walk]
    return math.prod(fifo.shape) * size % WORD != 0 or any(_splits(walk, size) for walk in walks)


def _breaks_words(mapped: Mapped, transfer: Transfer) -> bool:
    size = bytes_of(mapped.fifo[transfer.fifo].element)
    return transfer.offset * size % WORD != 0 or _splits(transfer.walk, size)


def _splits(walk: Iterable[tuple[int, int]], size: int) -> bool:
    """Whether a walk moves parts of words, of elements of so many bytes."""
    *outer, (count, stride) = walk
    if size >= WORD:
        return False
    inner = count * size % WORD != 0 or (count > 1 and stride != 1)
    return inner or any(extent > 1 and step * size % WORD != 0 for extent, step in outer)
