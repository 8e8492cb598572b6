"""The host's ends of channels: which elements of arrays their tokens are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from spatial.ir.graph import ActorGraph, Channel
from spatial.lower.aie.legalize.roles import Part, Role
from spatial.lower.aie.movers.tokens import BASE, Tokens
from spatial.source.span import Span

__all__ = ["HostEnd", "host_ends"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEnd:
    """The tokens of a channel as elements of `arrays`, by the number that their places begin with.

    The host `feeds` them, or takes them. `mover` is the actor that says so, written at `origin`.
    """

    channel: Channel
    feeds: bool
    tokens: Tokens
    arrays: Mapping[int, str]
    mover: str
    span: Span
    origin: Span

    @property
    def key(self) -> tuple[object, ...]:
        """What channels have in common that carry the same tokens."""
        return (self.tokens.key, str(self.channel.element), self.origin)

    def array(self, place: int) -> str:
        """The array that a place lies in."""
        return self.arrays[place >> BASE]


def host_ends(graph: ActorGraph, parts: Mapping[str, Part]) -> Iterator[HostEnd]:
    """All ends of movers between arrays and channels, in the order of the program."""
    arrays = {number: array.name for number, array in enumerate(graph.arrays)}
    numbers = {name: number for number, name in arrays.items()}
    for part in parts.values():
        if part.role is not Role.HOST or part.moves is None or part.stores is None:
            continue
        first = len(part.actor.values) + len(part.actor.channels)
        own = {first + place: numbers[name] for place, name in enumerate(part.actor.arrays)}
        for feeds, moved in ((True, part.moves.puts), (False, part.stores)):
            for position, tokens in moved.items():
                yield HostEnd(
                    channel=graph.channel[part.channel(position)],
                    feeds=feeds,
                    tokens=_renumbered(tokens, own),
                    arrays=arrays,
                    mover=part.actor.name,
                    origin=part.actor.span,
                    span=_place(graph, part, position),
                )


def _renumbered(tokens: Tokens, numbers: Mapping[int, int]) -> Tokens:
    """The tokens with arrays by their number in the program in place of the position of a parameter."""
    offsets = tokens.offsets.copy()
    for position, number in numbers.items():
        mine = tokens.offsets >> BASE == position
        offsets[mine] += (number - position) << BASE
    return replace(tokens, offsets=offsets)


def _place(graph: ActorGraph, part: Part, position: int) -> Span:
    """Where an actor puts into a channel or gets from it."""
    end = graph.specializations[part.actor.function].ends[position]
    return (*end.puts, *end.gets)[0]
