"""The host's ends of channels: which elements of arrays their tokens are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spatial.ir.graph import ActorGraph, Channel
from spatial.lower.aie.legalize.roles import Part, Role
from spatial.lower.aie.movers.tokens import BASE, Tokens
from spatial.source.span import Span

__all__ = ["HostEnd", "host_ends"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEnd:
    """The tokens of a channel as elements of `arrays`, by the number that their places begin with.

    The host `feeds` them, or takes them. `mover` is the actor that says so.
    """

    channel: Channel
    feeds: bool
    tokens: Tokens
    arrays: Mapping[int, str]
    mover: str
    span: Span

    @property
    def key(self) -> tuple[object, ...]:
        """What channels have in common that carry the same tokens."""
        return (self.tokens.key, tuple(sorted(self.arrays.items())), str(self.channel.element), self.mover)

    def array(self, place: int) -> str:
        """The array that a place lies in."""
        return self.arrays[place >> BASE]


def host_ends(graph: ActorGraph, parts: Mapping[str, Part]) -> Iterator[HostEnd]:
    """All ends of movers between arrays and channels, in the order of the program."""
    for part in parts.values():
        if part.role is Role.HOST and part.moves is not None and part.stores is not None:
            first = len(part.actor.values) + len(part.actor.channels)
            arrays = {first + n: name for n, name in enumerate(part.actor.arrays)}
            for feeds, moved in ((True, part.moves.puts), (False, part.stores)):
                for position, tokens in moved.items():
                    channel = graph.channel[part.channel(position)]
                    yield HostEnd(
                        channel=channel, feeds=feeds, tokens=tokens, arrays=arrays, mover=part.actor.name,
                        span=_place(graph, part, position),
                    )  # fmt: skip


def _place(graph: ActorGraph, part: Part, position: int) -> Span:
    """Where an actor puts into a channel or gets from it."""
    end = graph.specializations[part.actor.function].ends[position]
    return (*end.puts, *end.gets)[0]
