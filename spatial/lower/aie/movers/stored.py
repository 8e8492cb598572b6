"""Where the tokens that a mover gets end up in arrays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.lower.aie.movers.stores import Moved, surely_apart
from spatial.lower.aie.movers.tokens import BASE, Maker, Numbers, Tokens
from spatial.lower.aie.movers.tracing import Traced

__all__ = ["stored"]

BELOW = (1 << BASE) - 1


def stored(moves: Traced, sizes: Mapping[int, int]) -> dict[int, Tokens] | str:
    """For each channel whose tokens go into arrays, by position, where; or why no DMA writes them so.

    `sizes` are how many elements a token of each channel has. The reason goes on from "it".
    """
    if not moves.stores:
        return {}
    found = _whole(moves, sizes)
    return _element_by_element(moves, sizes) if found is None else found


def _whole(moves: Traced, sizes: Mapping[int, int]) -> dict[int, Tokens] | None:
    """The tokens, where each goes as a whole to a place of its own; None where that is not soon seen."""
    if not all(surely_apart(moved) for moved in moves.stores.values()):
        return None
    rows: dict[int, list[Row]] = {}
    for array, moved in moves.stores.items():
        for each in moved:
            row = _row(each, array, sizes)
            if row is None:
                return None
            rows.setdefault(row.channel, []).append(row)
    found = {channel: _in_order(each, moves.gets[channel], sizes[channel]) for channel, each in rows.items()}
    settled = {channel: tokens for channel, tokens in found.items() if tokens is not None}
    return settled if len(settled) == len(found) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """Tokens of a channel by their numbers: where each begins, and how it goes on."""

    channel: int
    numbers: Numbers
    offsets: Numbers
    pattern: Numbers


def _row(moved: Moved, array: int, sizes: Mapping[int, int]) -> Row | None:
    channel = int(moved.sources[0]) >> BASE
    size, first = sizes[channel], moved.sources & BELOW
    if len(moved.source) != size or not np.array_equal(moved.source, np.arange(size)):
        return None
    if np.any(moved.sources >> BASE != channel) or np.any(first % size):
        return None
    offsets = moved.targets + (array << BASE)
    return Row(channel=channel, numbers=first // size, offsets=offsets, pattern=moved.target)


def _in_order(rows: Sequence[Row], count: int, size: int) -> Tokens | None:
    """The tokens by their numbers, if each is there once."""
    numbers = np.concatenate([row.numbers for row in rows])
    order = np.argsort(numbers, kind="stable")
    if not np.array_equal(numbers[order], np.arange(count)):
        return None
    maker = Maker(size)
    for row in rows:
        maker.extend(_alike(row, size))
    made = maker.made()
    return Tokens(size=size, offsets=made.offsets[order], kinds=made.kinds[order], patterns=made.patterns)


def _alike(row: Row, size: int) -> Tokens:
    kinds = np.zeros(len(row.offsets), np.int64)
    return Tokens(size=size, offsets=row.offsets, kinds=kinds, patterns=(row.pattern,))


def _element_by_element(moves: Traced, sizes: Mapping[int, int]) -> dict[int, Tokens] | str:
    targets = np.concatenate([each.all_targets + (array << BASE) for array, each in _all(moves)])
    sources = np.concatenate([each.all_sources for _, each in _all(moves)])
    if np.any(np.diff(np.sort(targets)) == 0):
        return "writes an element twice"
    order = np.argsort(sources, kind="stable")
    sources, targets = sources[order], targets[order]
    if np.any(sources[1:] == sources[:-1]):
        return "writes an element of a token to two places"
    found: dict[int, Tokens] = {}
    for channel, count in moves.gets.items():
        places = targets[sources >> BASE == channel]
        if len(places):
            if len(places) < count * sizes[channel]:
                return "leaves out a part of what it gets"
            maker = Maker(sizes[channel])
            maker.add(places)
            found[channel] = maker.made()
    return found


def _all(moves: Traced) -> Iterator[tuple[int, Moved]]:
    return ((array, each) for array, moved in moves.stores.items() for each in moved)
