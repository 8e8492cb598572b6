"""Which lines of the host share a channel of a shim."""

from collections.abc import Iterator, Sequence

from spatial.lower.aie.mapping.builder import Builder, Supply
from spatial.lower.aie.mapping.lines import passage_of
from spatial.lower.aie.mapping.sizes import bytes_of

__all__ = ["grouped"]

Groups = list[tuple[Supply, ...]]


def grouped(builder: Builder, supplies: Sequence[Supply]) -> Groups:
    """The supplies, all fed or all taken, in groups that each take one channel of a shim: alone, if those do.

    Else the most alike ones, of cores along an axis of a grid, go by one memory tile: as many as a column has cores.
    """
    feeds = bool(supplies) and supplies[0].first.feeds
    limits = builder.npu.shim
    room = builder.npu.columns * (limits.outputs if feeds else limits.inputs)
    groups: Groups = [(each,) for each in supplies]
    if len(supplies) <= room:
        return groups
    classes = sorted(_classes(supplies), key=len, reverse=True)
    for alike in classes:
        joined = _joined(builder, alike)
        if joined is not None:
            groups = [each for each in groups if each[0] not in alike] + joined
        if len(groups) <= room:
            break
    return groups


def _classes(supplies: Sequence[Supply]) -> list[list[Supply]]:
    """Supplies that can share objects: as many tokens of one type, of cores of one kernel."""
    found: dict[object, list[Supply]] = {}
    for each in supplies:
        end = each.first
        arrays = tuple(end.arrays[place] for place in sorted(each.tokens.sources))
        key = (end.channel.stream, str(end.channel.element), len(each.tokens), arrays)
        found.setdefault(key, []).append(each)
    return list(found.values())


def _joined(builder: Builder, alike: Sequence[Supply]) -> Groups | None:
    """The grouping with the fewest transfers; None where there is none."""
    best: tuple[int, Groups] | None = None
    for groups in _groupings(builder, alike):
        passages = [passage_of(builder, group) for group in groups]
        if all(each is not None for each in passages):
            cost = sum(len(each.pieces) for each in passages if each is not None)
            if best is None or cost < best[0]:
                best = cost, groups
    return None if best is None else best[1]


def _groupings(builder: Builder, alike: Sequence[Supply]) -> Iterator[Groups]:
    """Groups of supplies beside each other along an axis of the channels' indices, each as large as fits."""
    most = _most(builder, alike[0])
    axes = len(alike[0].first.channel.indices)
    for axis in range(axes):
        lines: dict[object, list[Supply]] = {}
        for each in sorted(alike, key=lambda supply: supply.first.channel.indices):
            indices = each.first.channel.indices
            lines.setdefault((*indices[:axis], *indices[axis + 1 :]), []).append(each)
        size = max((n for n in range(1, most + 1) if all(len(line) % n == 0 for line in lines.values())), default=1)
        if size > 1:
            yield [
                _sorted(line[first : first + size]) for line in lines.values() for first in range(0, len(line), size)
            ]


def _sorted(group: Sequence[Supply]) -> tuple[Supply, ...]:
    """The supplies in the order in which their first tokens lie in memory."""
    return tuple(sorted(group, key=lambda each: int(each.tokens.offsets[0]) if len(each.tokens) else 0))


def _most(builder: Builder, supply: Supply) -> int:
    """How many parts an object in a memory tile has at most: one for each core of a column, and so that two fit."""
    limits, end = builder.npu.memory, supply.first
    channels = limits.outputs if end.feeds else limits.inputs
    fits = limits.memory // (2 * bytes_of(end.channel.element))
    return min(channels, fits, builder.npu.rows - 2)
