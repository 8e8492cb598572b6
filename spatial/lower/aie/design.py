"""A program laid out for an NPU: what runs on which kind of tile, objectFIFOs between them, transfers of the host."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from spatial.device.npu import Kind, Tile
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.source.span import Span
from spatial.types.dtype import DType

__all__ = [
    "Dimension",
    "End",
    "Fifo",
    "Kind",
    "Link",
    "Mapped",
    "Node",
    "Parameter",
    "Placement",
    "Route",
    "Tile",
    "Transfer",
]

Dimension = tuple[int, int]
"""One dimension of a walk through memory, outermost first: (size, stride), both in elements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Something that is placed on a tile.

    A core runs the `actor` of the legal program. A memory node is where a link joins, distributes or keeps objects.
    A shim node is one end of a fifo at the host. `tile` and `stack` (bytes) are what the user asked for, if anything.
    `copied` are the bytes of tokens that a core cannot work on in their objects, as far as they are known.
    """

    name: str
    kind: Kind
    actor: str = ""
    tile: Tile | None = None
    stack: int | None = None
    copied: int = 0
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a fifo: its node, the objects it holds there, and the order in which DMA walks through an object.

    Of the objects at both ends of a way, `needs` are those that a core must not work in: as many tokens as the channels
    of the program hold there.
    """

    node: str
    depth: int
    walk: tuple[Dimension, ...] = ()
    needs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fifo:
    """An objectFIFO of arrays of `shape`, one element where a token is a number.

    `channels` are those of the legal program that it carries, one for each consumer where one is a core. `objects` are
    how many pass in a run. `initial` are the elements of tokens it starts with, one token after the other.
    """

    name: str
    element: DType
    shape: tuple[int, ...]
    producer: End
    consumers: tuple[End, ...]
    channels: tuple[str, ...]
    objects: int
    initial: tuple[int | float, ...] = ()
    span: Span = field(compare=False)

    @property
    def ends(self) -> tuple[End, ...]:
        """All ends, the producer's first."""
        return (self.producer, *self.consumers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A memory node that passes objects on: forwards (one to one), joins (several to one), or distributes.

    `offsets` are where the parts begin in the larger object, in elements, none for one to one.
    """

    node: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    offsets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What the host tells a shim's DMA: elements of the array `array`, from `offset` on, along four dimensions.

    Transfers of one fifo are in the order in which objects pass; together they hold a whole number of them.
    """

    fifo: str
    array: str
    offset: int
    walk: tuple[Dimension, Dimension, Dimension, Dimension]

    @property
    def size(self) -> int:
        """The elements that it moves."""
        count = 1
        for size, _ in self.walk:
            count *= size
        return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A scalar of the program that a core reads: it is written into a buffer of the core before a run."""

    node: str
    scalar: str
    type: DType


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """A legal program and what it becomes: all that placement, emission and prediction need.

    `module` and `graph` are the legal program: its cores use channels, locals and scalars only.
    """

    name: str
    module: ir.Module = field(compare=False)
    graph: ActorGraph = field(compare=False)
    nodes: tuple[Node, ...]
    fifos: tuple[Fifo, ...]
    links: tuple[Link, ...]
    transfers: tuple[Transfer, ...]
    parameters: tuple[Parameter, ...] = ()

    @cached_property
    def node(self) -> Mapping[str, Node]:
        """Nodes by name."""
        return {node.name: node for node in self.nodes}

    @cached_property
    def fifo(self) -> Mapping[str, Fifo]:
        """Fifos by name."""
        return {fifo.name: fifo for fifo in self.fifos}

    @cached_property
    def fifo_of_channel(self) -> Mapping[str, Fifo]:
        """For each channel of the legal program that a core has an end of, the fifo it is part of."""
        return {channel: fifo for fifo in self.fifos for channel in fifo.channels}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a fifo that DMA carries runs from its producer to one consumer: the tiles it passes, both ends included."""

    fifo: str
    consumer: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where nodes stand: the tile of each, what DMA carries and how, and how good it is known to be.

    `memory_of` has, for each fifo in shared memory, the tile whose memory holds its objects. `cost` is what the solver
    minimized, `bound` what it proved that none is below; they are equal where the optimum is proven. It took `seconds`.
    """

    device: str
    tiles: Mapping[str, Tile]
    memory_of: Mapping[str, Tile]
    routes: tuple[Route, ...]
    cost: int
    bound: int
    seconds: float = field(compare=False)

    @property
    def proven(self) -> bool:
        """Whether no placement is better."""
        return self.cost == self.bound
