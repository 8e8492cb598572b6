"""Movers between channels: taken together with movers of arrays, else as what fifos and links do themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from spatial.ir.graph import ActorGraph, Channel
from spatial.lower.aie.legalize.roles import Part, Role
from spatial.lower.aie.mapping.hosts import HostEnd
from spatial.lower.aie.movers.tokens import BASE, Maker, Numbers
from spatial.types.tensor import size_of

__all__ = ["Passing", "passing_of"]

BELOW = (1 << BASE) - 1


@dataclass(slots=True)
class Passing:
    """What is left when movers between channels are gone: `ends` at the host, and `copies` by their first channel.

    An end is known by its channel and by whether the host feeds it. Copies are the channels of which each gets all
    tokens of that first one, which a core puts. The actors `cores` pass tokens in a way that only a core does.
    """

    ends: dict[tuple[str, bool], HostEnd]
    copies: dict[str, list[str]] = field(default_factory=dict)
    cores: set[str] = field(default_factory=set)


def passing_of(graph: ActorGraph, parts: Mapping[str, Part], ends: Iterable[HostEnd]) -> Passing:
    """Takes movers between channels together with what is before or behind them."""
    found = Passing(ends={(end.channel.name, end.feeds): end for end in ends})
    left = [part for part in parts.values() if part.role is Role.PASS]
    while moved := [part for part in left if _with_host(graph, part, found)]:
        left = [part for part in left if part not in moved]
    for part in left:
        if not _copies(part, found):
            found.cores.add(part.actor.name)
    return found


def _with_host(graph: ActorGraph, part: Part, found: Passing) -> bool:
    """Whether all that a mover gets comes from the host, or all that it puts goes there: then it does so directly."""
    assert part.moves is not None, "a mover moves"
    gets = {position: part.channel(position) for position in part.moves.gets}
    puts = {position: part.channel(position) for position in part.moves.puts}
    if all((name, True) in found.ends for name in gets.values()):
        return _forward(graph, part, found, gets, puts)
    if all((name, False) in found.ends for name in puts.values()):
        return _backward(graph, part, found, gets, puts)
    return False


Named = Mapping[int, str]


def _rounds(part: Part, lengths: Mapping[int, int], once: Mapping[int, int]) -> int | None:
    """How often a mover does what it does; None where that is no whole number."""
    assert part.moves is not None, "a mover moves"
    if not part.moves.endless:
        return 1 if all(lengths[n] == once[n] for n in once) else None
    counts = {divmod(lengths[n], once[n]) for n in once}
    return next(iter(counts))[0] if len(counts) == 1 and next(iter(counts))[1] == 0 else None


def _forward(graph: ActorGraph, part: Part, found: Passing, gets: Named, puts: Named) -> bool:
    """The host feeds what a mover puts."""
    assert part.moves is not None, "a mover moves"
    fed = {position: found.ends[name, True] for position, name in gets.items()}
    rounds = _rounds(part, {n: len(end.tokens) for n, end in fed.items()}, part.moves.gets)
    if rounds is None:
        return False
    flat = {position: end.tokens.every for position, end in fed.items()}
    first = next(iter(fed.values()))
    for position, name in puts.items():
        sources = _sources(part, position, rounds, {n: graph.channel[gets[n]] for n in gets})
        places = np.empty(len(sources), np.int64)
        for each, values in flat.items():
            mine = sources >> BASE == each
            places[mine] = values[sources[mine] & BELOW]
        found.ends[name, True] = _end(first, graph.channel[name], places)
    for name in gets.values():
        del found.ends[name, True]
    return True


def _backward(graph: ActorGraph, part: Part, found: Passing, gets: Named, puts: Named) -> bool:
    """The host takes what a mover gets."""
    assert part.moves is not None, "a mover moves"
    taken = {position: found.ends[name, False] for position, name in puts.items()}
    once = {position: len(tokens) for position, tokens in part.moves.puts.items()}
    rounds = _rounds(part, {n: len(end.tokens) for n, end in taken.items()}, once)
    if rounds is None:
        return False
    sizes = {n: size_of(graph.channel[name].element) for n, name in gets.items()}
    flat = {n: np.full(part.moves.gets[n] * rounds * sizes[n], -1, np.int64) for n in gets}
    for position, end in taken.items():
        sources = _sources(part, position, rounds, {n: graph.channel[gets[n]] for n in gets})
        for each, values in flat.items():
            mine = sources >> BASE == each
            if np.any(values[sources[mine] & BELOW] >= 0):
                return False
            values[sources[mine] & BELOW] = end.tokens.every[mine]
    if any(np.any(values < 0) for values in flat.values()):
        return False
    first = next(iter(taken.values()))
    for position, name in gets.items():
        found.ends[name, False] = _end(first, graph.channel[name], flat[position])
    for name in puts.values():
        del found.ends[name, False]
    return True


def _sources(part: Part, position: int, rounds: int, channels: Mapping[int, Channel]) -> Numbers:
    """The places that all elements come from which a mover puts into a channel."""
    assert part.moves is not None, "a mover moves"
    tokens = part.moves.puts[position]
    once = tokens.every
    steps = {n: part.moves.gets[n] * size_of(channel.element) for n, channel in channels.items()}
    step = np.array([steps[n] for n in (once >> BASE).tolist()], np.int64)
    return (once + np.arange(rounds, dtype=np.int64)[:, None] * step).reshape(-1)


def _end(like: HostEnd, channel: Channel, places: Numbers) -> HostEnd:
    maker = Maker(size_of(channel.element))
    maker.add(places)
    return replace(like, channel=channel, tokens=maker.made())


def _copies(part: Part, found: Passing) -> bool:
    """Whether a mover puts each token that it gets, as it is, into all its channels."""
    assert part.moves is not None, "a mover moves"
    names = [part.channel(position) for position in (*part.moves.gets, *part.moves.puts)]
    if len(part.moves.gets) != 1 or any((name, feeds) in found.ends for name in names for feeds in (True, False)):
        return False
    ((source, count),) = part.moves.gets.items()
    for tokens in part.moves.puts.values():
        whole = np.arange(count * tokens.size, dtype=np.int64) + (source << BASE)
        if len(tokens) != count or not np.array_equal(tokens.every, whole):
            return False
    first = part.channel(source)
    root = next((name for name, channels in found.copies.items() if first in channels), first)
    others = [part.channel(position) for position in part.moves.puts]
    kept = [name for name in found.copies.get(root, []) if name != first]
    found.copies[root] = [*kept, *others, *(each for name in others for each in found.copies.pop(name, []))]
    return True
