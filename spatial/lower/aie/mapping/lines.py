"""Lines between the host and cores: a fifo of its own each, or parts of larger objects by way of a memory tile."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.device.npu import Npu
from spatial.ir.pins import Pin
from spatial.lower.aie.design import End, Kind, Link
from spatial.lower.aie.errors import NoWalk
from spatial.lower.aie.mapping.builder import UNPINNED, Builder, Supply
from spatial.lower.aie.mapping.hosts import HostEnd
from spatial.lower.aie.mapping.sizes import element_bytes
from spatial.lower.aie.movers.tokens import Tokens
from spatial.lower.aie.movers.walks import Piece, Walk, arranged, pieces_of, places_of, plain, walk_of
from spatial.types.tensor import element_of

__all__ = ["DOUBLE", "Passage", "lay", "lay_through", "passage_of"]

WORD = 4
DOUBLE = 2
"""Objects that let one side work while the other one moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How the tokens of a group of supplies, one of each in turn, pass the shim.

    If they cannot pass as they are, they do as they lie in memory, and a memory tile makes tokens of that by a `walk`;
    else in parts.
    """

    tokens: Tokens
    pieces: tuple[Piece, ...]
    walk: Walk = ()


def passage_of(builder: Builder, group: Sequence[Supply]) -> Passage | None:
    """How a group passes the shim; None if it does not.

    Elements of less than a word that do not pass as they are do so in a word each, in memory too.
    """
    size = element_bytes(element_of(group[0].first.channel.element))
    tokens, feeds = _interleaved([each.tokens for each in group]), group[0].first.feeds
    tried = (_passage(builder.npu, tokens, len(group), taken, feeds=feeds) for taken in sorted({size, max(size, WORD)}))
    return next((each for each in tried if each is not None), None)


def _passage(npu: Npu, tokens: Tokens, count: int, size: int, *, feeds: bool) -> Passage | None:
    """How tokens pass whose elements have `size` bytes."""
    pieces = pieces_of(tokens, count, size, npu.shim)
    if pieces is not None:
        return Passage(tokens=tokens, pieces=tuple(pieces))
    turned = _turned(npu, tokens, count, size, feeds=feeds)
    if turned is not None:
        return turned
    pieces = pieces_of(tokens, count, size, npu.shim, apart=True)
    return None if pieces is None else Passage(tokens=tokens, pieces=tuple(pieces))


def _turned(npu: Npu, tokens: Tokens, count: int, size: int, *, feeds: bool) -> Passage | None:
    """How tokens pass as they lie in memory, and a memory tile turns them."""
    walks = [walk_of(pattern) for pattern in tokens.patterns]
    if len(walks) != 1 or walks[0] is None or len(walks[0]) > npu.memory.dimensions:
        return None
    walk = plain(walks[0], inverse=not feeds)
    if _splits(walk, size):
        return None
    lying = replace(tokens, patterns=(places_of(arranged(walks[0])),))
    pieces = pieces_of(lying, count, size, npu.shim)
    return None if pieces is None else Passage(tokens=lying, pieces=tuple(pieces), walk=walk)


def _splits(walk: Walk, size: int) -> bool:
    """Whether a walk goes through elements of so many bytes in less than words."""
    if size >= WORD or not walk:
        return False
    *outer, (count, stride) = walk
    return stride != 1 or count * size % WORD != 0 or any(step * size % WORD for _, step in outer)


def lay(builder: Builder, group: Sequence[Supply]) -> None:
    """Adds what a group of supplies needs: shim, fifos, transfers, and a link where it is several or needs a walk."""
    end = group[0].first
    passage = passage_of(builder, group)
    if passage is None:
        builder.problems.append(_no_walk(end))
        return
    fifo = builder.symbols.new(end.channel.name if len(group) == 1 and not passage.walk else f"{end.channel.name}_host")
    shim = builder.node(Kind.SHIM, f"host {fifo}", end.span, pin=_pin(builder, group, passage, 0))
    builder.move(fifo, end, passage.pieces)
    if len(group) == 1 and not passage.walk:
        _direct(builder, group[0], fifo, shim)
    else:
        _by_memory(builder, group, passage, fifo, shim)


def lay_through(builder: Builder, fed: HostEnd, taken: HostEnd) -> None:
    """Adds what a channel needs that leads from the host to the host: its tokens go by a memory tile."""
    ends = [Supply(ends=(fed,)), Supply(ends=(taken,))]
    passages = [passage_of(builder, [each]) for each in ends]
    name, objects = fed.channel.name, len(fed.tokens)
    memory = f"memory {name}"
    fifos = []
    for supply, passage, way in zip(ends, passages, ("in", "out"), strict=True):
        if passage is None or passage.walk:
            builder.problems.append(_no_walk(supply.first))
            return
        if supply is ends[0]:
            builder.node(Kind.MEMORY, memory, fed.span, pin=_pin(builder, [supply], passage, 1))
        fifo = builder.symbols.new(f"{name}_{way}")
        pin = _pin(builder, [supply], passage, 0)
        shim = End(node=builder.node(Kind.SHIM, f"host {fifo}", supply.first.span, pin=pin), depth=DOUBLE)
        builder.move(fifo, supply.first, passage.pieces)
        middle = End(node=memory, depth=DOUBLE)
        producer, consumer = (shim, middle) if supply.first.feeds else (middle, shim)
        fifos.append(builder.fifo(fifo, fed.channel, producer, [consumer], objects))
    builder.links.append(Link(node=memory, sources=(fifos[0],), targets=(fifos[1],)))


def _no_walk(end: HostEnd) -> NoWalk:
    return NoWalk(channel=end.channel.name, mover=end.mover, token=str(end.channel.element), span=end.span)


def _pin(builder: Builder, group: Sequence[Supply], passage: Passage, row: int) -> Pin:
    """Where a channel of a group, or else its array, is wanted in a row of tiles."""
    channels = [end.channel.name for supply in group for end in supply.ends]
    asked = {name: builder.pins.channels[name] for name in channels if name in builder.pins.channels}
    found = list(asked.values())
    arrays = {group[0].first.array(int(place)) for place in passage.tokens.offsets[:1]}
    found += [builder.pins.arrays[name] for name in arrays if name in builder.pins.arrays]
    chosen = next((each for each in found if each.tile is not None and min(each.tile[1], 2) == row), UNPINNED)
    builder.kept |= {name for name, each in asked.items() if each.tile == chosen.tile}
    return chosen


def _direct(builder: Builder, supply: Supply, fifo: str, shim: str) -> None:
    """One fifo between the host and cores."""
    ends = _core_ends(builder, supply)
    host = End(node=shim, depth=DOUBLE)
    producer, consumers = (host, ends) if supply.first.feeds else (ends[0], [host])
    builder.fifo(fifo, supply.first.channel, producer, consumers, len(supply.tokens), channels=_names(supply))


def _by_memory(builder: Builder, group: Sequence[Supply], passage: Passage, fifo: str, shim: str) -> None:
    """Fifos of all supplies that a memory tile makes of one, or makes one of."""
    end, count = group[0].first, len(group)
    memory = builder.node(Kind.MEMORY, f"memory {fifo}", end.span, pin=_pin(builder, group, passage, 1))
    host, middle = End(node=shim, depth=DOUBLE), End(node=memory, depth=DOUBLE)
    outer_walk = passage.walk if not end.feeds and count == 1 else ()
    outward = replace(middle, walk=outer_walk)
    ends = (host, middle) if end.feeds else (outward, host)
    builder.fifo(fifo, end.channel, ends[0], [ends[1]], len(group[0].tokens), parts=count)
    inner = [_inner(builder, each, memory, () if outer_walk else passage.walk) for each in group]
    size = math.prod(builder.fifos[-1].shape)
    offsets = tuple(n * size for n in range(count)) if count > 1 else ()
    sources, targets = ((fifo,), tuple(inner)) if end.feeds else (tuple(inner), (fifo,))
    builder.links.append(Link(node=memory, sources=sources, targets=targets, offsets=offsets))


def _inner(builder: Builder, supply: Supply, memory: str, walk: Walk) -> str:
    """The fifo between a memory tile and the cores of one supply."""
    name = builder.symbols.new(supply.first.channel.name)
    middle = End(node=memory, depth=DOUBLE, walk=walk)
    ends = _core_ends(builder, supply)
    producer, consumers = (middle, ends) if supply.first.feeds else (ends[0], [middle])
    builder.fifo(name, supply.first.channel, producer, consumers, len(supply.tokens), channels=_names(supply))
    return name


def _core_ends(builder: Builder, supply: Supply) -> list[End]:
    """The ends at cores, each with room for two objects, or as many as pass, and for all that a core looks at.

    An object goes to several cores when all have room, so there each has as much as the program gives its channel.
    """
    found, count = [], len(supply.tokens)
    for number, end in enumerate(supply.ends):
        core = builder.graph.actor[_core_of(builder, supply, number)]
        port = end.channel.reader if end.feeds else end.channel.writer
        assert port is not None, "channels have two ends"
        peeks = builder.graph.specializations[core.function].ends[port.position].peeks
        asked = end.channel.depth if len(supply.ends) > 1 else DOUBLE
        depth = max(min(max(asked, DOUBLE), count), 1, *(place + 1 for place, _ in peeks))
        found.append(End(node=core.name, depth=depth, needs=end.channel.depth))
    return found


def _core_of(builder: Builder, supply: Supply, number: int) -> str:
    """The core at the other end of a supply."""
    end = supply.ends[number]
    port = end.channel.reader if end.feeds else end.channel.writer
    assert port is not None, "channels have two ends"
    return port.actor


def _names(supply: Supply) -> list[str]:
    return [end.channel.name for end in supply.ends]


def _interleaved(parts: Sequence[Tokens]) -> Tokens:
    """The first token of each sequence, then the second of each, and so on."""
    if len(parts) == 1:
        return parts[0]
    patterns: list[bytes] = []
    kinds = []
    for part in parts:
        own = [each.tobytes() for each in part.patterns]
        patterns += [each for each in own if each not in patterns]
        renamed = np.array([patterns.index(each) for each in own], np.int64)
        kinds.append(renamed[part.kinds])
    return Tokens(
        size=parts[0].size,
        offsets=np.stack([part.offsets for part in parts], axis=1).reshape(-1),
        kinds=np.stack(kinds, axis=1).reshape(-1),
        patterns=tuple(np.frombuffer(each, np.int64) for each in patterns),
    )
