"""Movers between channels: taken together with movers of arrays, else as what fifos and links do themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spatial.device.npu import Npu
from spatial.ir.graph import ActorGraph, Channel
from spatial.ir.mlir import ir
from spatial.lower.aie.legalize.roles import Part, Role
from spatial.lower.aie.mapping.hosts import HostEnd
from spatial.lower.aie.mapping.lead import held_for
from spatial.lower.aie.mapping.sizes import bytes_of
from spatial.lower.aie.movers.tokens import BASE, Maker, Numbers
from spatial.types.tensor import size_of

__all__ = ["Passing", "passing_of"]

BELOW = (1 << BASE) - 1
Room = dict[str, int]
"""For ends of copies of a channel, how many tokens find room on the way from that channel."""


@dataclass(slots=True)
class Passing:
    """What is left when movers between channels are gone: `ends` at the host, and `copies` by their first channel.

    An end is known by its channel and by whether the host feeds it. Copies are the channels of which each gets all
    tokens of that first one, which a core puts, with how many tokens find room on the way from there: in channels, the
    last one too, and with movers. The actors `cores` pass tokens in a way that only a core does.
    """

    ends: dict[tuple[str, bool], HostEnd]
    copies: dict[str, Room] = field(default_factory=dict)
    cores: set[str] = field(default_factory=set)


def passing_of(
    module: ir.Module, graph: ActorGraph, parts: Mapping[str, Part], ends: Iterable[HostEnd], npu: Npu
) -> Passing:
    """Takes movers between channels together with what is before or behind them.

    A fifo that takes the place of movers has room for all that they and their channels had; where it would be too long
    for a core tile, the mover stays, as a core.
    """
    found = Passing(ends={(end.channel.name, end.feeds): end for end in ends})
    left = [part for part in parts.values() if part.role is Role.PASS]
    while moved := [part for part in left if not _begins(graph, part) and _with_host(graph, part, found)]:
        left = [part for part in left if part not in moved]
    for part in left:
        merged = _merged(module, graph, part, found) if _copies(graph, part, found) else None
        if merged is None or not _fits(graph, merged, npu):
            found.cores.add(part.actor.name)
        else:
            _merge(part, found, merged)
    return found


def _begins(graph: ActorGraph, part: Part) -> bool:
    """Whether tokens are there before a mover begins, which DMA would not see."""
    return any(graph.channel[name].initial for name in part.actor.channels)


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


def _copies(graph: ActorGraph, part: Part, found: Passing) -> bool:
    """Whether a mover puts each token that it gets, as it is, into all its channels."""
    assert part.moves is not None, "a mover moves"
    names = [part.channel(position) for position in (*part.moves.gets, *part.moves.puts)]
    if len(part.moves.gets) != 1 or any((name, feeds) in found.ends for name in names for feeds in (True, False)):
        return False
    if any(graph.channel[part.channel(position)].initial for position in part.moves.puts):
        return False
    ((source, count),) = part.moves.gets.items()
    for tokens in part.moves.puts.values():
        whole = np.arange(count * tokens.size, dtype=np.int64) + (source << BASE)
        if len(tokens) != count or not np.array_equal(tokens.every, whole):
            return False
    return True


def _merged(module: ir.Module, graph: ActorGraph, part: Part, found: Passing) -> Room | None:
    """The ends that a mover's copies lead to; None where only a run tells how many tokens it holds."""
    first, puts = _ends_of(part)
    before = next((copies[first] for copies in found.copies.values() if first in copies), 0)
    merged: Room = {}
    for name in puts:
        held = held_for(module, part.actor, name)
        if held is None:
            return None
        room = before + held + graph.channel[name].depth
        merged |= {each: room + more for each, more in found.copies.get(name, {name: 0}).items()}
    return merged


def _ends_of(part: Part) -> tuple[str, Sequence[str]]:
    """The channel that a mover of copies takes, and those that it puts them into."""
    assert part.moves is not None, "a mover moves"
    (first,) = (part.channel(position) for position in part.moves.gets)
    return first, [part.channel(position) for position in part.moves.puts]


def _fits(graph: ActorGraph, room: Room, npu: Npu) -> bool:
    """Whether a core tile has descriptors and memory for the objects of each, next to as many others."""
    limits = npu.core
    return all(
        count <= limits.descriptors // 2 and count * bytes_of(graph.channel[name].element) <= limits.memory // 2
        for name, count in room.items()
    )


def _merge(part: Part, found: Passing, merged: Room) -> None:
    """Lets the ends that a mover's copies lead to be copies of its first channel, or of what that is a copy of."""
    first, puts = _ends_of(part)
    root = next((name for name, copies in found.copies.items() if first in copies), first)
    for name in puts:
        found.copies.pop(name, None)
    copies = found.copies.setdefault(root, {})
    copies.pop(first, None)
    copies.update(merged)
