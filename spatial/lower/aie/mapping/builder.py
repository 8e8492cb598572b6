"""Puts a mapped program together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from spatial.device.npu import Npu
from spatial.ir.graph import ActorGraph, Channel
from spatial.ir.pins import Pin, Pins
from spatial.lower.aie.design import End, Fifo, Kind, Link, Node, Transfer
from spatial.lower.aie.mapping.hosts import HostEnd
from spatial.lower.aie.mapping.names import Symbols
from spatial.lower.aie.movers.tokens import Tokens
from spatial.lower.aie.movers.walks import Piece
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.types.tensor import element_of, shape_of

__all__ = ["UNPINNED", "Builder", "Shape", "Supply"]

Shape = tuple[int, ...]
UNPINNED = Pin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Tokens that go between the host and cores by one fifo: `ends` carry the same, each for another core."""

    ends: tuple[HostEnd, ...]

    @property
    def first(self) -> HostEnd:
        """One of them."""
        return self.ends[0]

    @property
    def tokens(self) -> Tokens:
        """What passes."""
        return self.first.tokens


@dataclass(slots=True)
class Builder:
    """What has been made so far of a legal program; `kept` are the channels whose pins a node has."""

    graph: ActorGraph
    npu: Npu
    cores: Collection[str]
    pins: Pins
    symbols: Symbols = field(default_factory=Symbols)
    nodes: list[Node] = field(default_factory=list)
    fifos: list[Fifo] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)

    def node(self, kind: Kind, name: str, span: Span, actor: str = "", pin: Pin = UNPINNED) -> str:
        """Adds a node."""
        self.nodes.append(Node(name=name, kind=kind, actor=actor, tile=pin.tile, stack=pin.stack, span=span))
        return name

    def fifo(
        self, name: str, channel: Channel, producer: End, consumers: Sequence[End], objects: int, *, parts: int = 1,
        channels: Sequence[str] = (), initial: tuple[int | float, ...] = (),
    ) -> str:  # fmt: skip
        """Adds a fifo of tokens of a channel, or of objects of several of them."""
        shape = shape_of(channel.element) or (1,)
        self.fifos.append(
            Fifo(
                name=name,
                element=element_of(channel.element),
                shape=(shape[0] * parts, *shape[1:]),
                producer=producer,
                consumers=tuple(consumers),
                channels=tuple(channels),
                objects=objects,
                initial=initial,
                span=channel.span,
            )
        )
        return name

    def move(self, fifo: str, end: HostEnd, pieces: Sequence[Piece]) -> None:
        """Adds the transfers of a fifo at the host's end."""
        for piece in pieces:
            array = end.arrays[piece.array]
            self.transfers.append(Transfer(fifo=fifo, array=array, offset=piece.offset, walk=piece.walk))
