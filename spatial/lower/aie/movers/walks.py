"""Walks through memory: sequences of places as nested strides, in as few transfers as a device's DMA allows."""

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.device.npu import TileLimits
from spatial.lower.aie.design import Dimension
from spatial.lower.aie.movers.tokens import BASE, Numbers, Tokens

__all__ = ["Piece", "Walk", "arranged", "contiguous", "fitted", "pieces_of", "places_of", "plain", "walk_of"]

WORD = 4
MOST_REPEATS = 64  # of a shim's descriptor: mlir-aie, AIEXDialect, "Size 3 exceeds the [1:64] range"
MOST_PARTS = 6  # of a token: transfers cost time, each by itself
MOST_RUNS = 256  # of a token that are looked at to take it apart
Walk = tuple[Dimension, ...]
Slots = tuple[Dimension, Dimension, Dimension, Dimension]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One transfer: so many `tokens`, from an element of the array `array` on along four dimensions.

    Of a token that takes several transfers, all but the last one count none.
    """

    array: int
    offset: int
    walk: Slots
    tokens: int


def walk_of(places: Numbers) -> Walk | None:
    """The nested strides by which places follow each other, outermost first; None where there are none."""
    return _walk_of((places - places[0]).tobytes())


@functools.lru_cache(maxsize=4096)
def _walk_of(data: bytes) -> Walk | None:
    places = np.frombuffer(data, np.int64)
    found: list[Dimension] = []
    while len(places) > 1:
        stride = int(places[1] - places[0])
        differs = np.flatnonzero(np.diff(places) != stride)
        run = int(differs[0]) + 1 if len(differs) else len(places)
        if len(places) % run:
            return None
        rows = places.reshape(-1, run)
        if np.any(rows - rows[:, :1] != rows[0] - rows[0, 0]):
            return None
        found.insert(0, (run, stride))
        places = rows[:, 0]
    return merged(found)


def places_of(walk: Walk) -> Numbers:
    """The places that a walk goes through, from the first one on."""
    found = np.zeros(1, np.int64)
    for size, stride in walk:
        found = (found[:, None] + np.arange(size, dtype=np.int64) * stride).reshape(-1)
    return found


def merged(walk: Sequence[Dimension]) -> Walk:
    """The same walk in as few dimensions as can be."""
    found: list[Dimension] = []
    for size, stride in walk:
        if size == 1:
            continue
        if found and found[-1][1] == size * stride:
            size *= found.pop()[0]
        found.append((size, stride))
    return tuple(found)


def arranged(walk: Walk) -> Walk:
    """A walk through the same places as they lie in memory."""
    return merged(sorted(walk, key=lambda each: -abs(each[1])))


def plain(walk: Walk, *, inverse: bool) -> Walk:
    """The walk through an object that holds the places of a walk as they lie in memory, which makes it that walk.

    The `inverse` one goes through an object that holds them as the walk does, and makes it as they lie.
    """
    ordered = sorted(walk, key=lambda each: -abs(each[1]))
    first, second = (walk, ordered) if inverse else (ordered, walk)
    behind = {each: math.prod(size for size, _ in first[place + 1 :]) for place, each in enumerate(first)}
    return merged([(each[0], behind[each]) for each in second])


def contiguous(walk: Walk) -> bool:
    """Whether places lie beside each other."""
    return not walk or (len(walk) == 1 and walk[0][1] == 1)


def pieces_of(tokens: Tokens, group: int, size: int, limits: TileLimits, *, apart: bool = False) -> list[Piece] | None:
    """The transfers of a sequence, each of a multiple of `group` tokens; None where a token is no walk of a DMA.

    Tokens that are none may be taken `apart`, into a few transfers each. An element has `size` bytes.
    """
    found: list[Piece] = []
    first = 0
    while first < len(tokens):
        piece = _longest(tokens, first, group, size, limits)
        parts = [piece] if piece is not None else _parts(tokens, first, size, limits) if apart else []
        if not parts:
            return None
        found += parts
        first += sum(part.tokens for part in parts)
    return found


def _parts(tokens: Tokens, first: int, size: int, limits: TileLimits) -> list[Piece]:
    """The transfers of one token that is no walk, as few as there are walks in a row; none where one cannot be."""
    places = tokens.offsets[first] + tokens.patterns[int(tokens.kinds[first])]
    found: list[Piece] = []
    while len(places):
        piece, count = _first_walk(places, size, limits)
        if piece is None or len(found) == MOST_PARTS:
            return []
        places = places[count:]
        found.append(replace(piece, tokens=int(len(places) == 0)))
    return found


def _first_walk(places: Numbers, size: int, limits: TileLimits) -> tuple[Piece | None, int]:
    """The transfer of as many of the first places as one can move, and how many these are; they end where runs do."""
    array, offset = _place(places[0])
    ends = (np.flatnonzero(np.diff(places) != 1) + 1).tolist()[:MOST_RUNS]
    for count in (len(places), *reversed(ends)):
        inner = walk_of(places[:count])
        walk = None if inner is None else fitted(inner, size, limits)
        if walk is not None and offset * size % WORD == 0:
            return Piece(array=array, offset=offset, walk=walk, tokens=0), count
    return None, 0


def _place(number: int) -> tuple[int, int]:
    """The array that a place lies in, and where in it."""
    return int(number) >> BASE, int(number) & ((1 << BASE) - 1)


def _longest(tokens: Tokens, first: int, group: int, size: int, limits: TileLimits) -> Piece | None:
    """The transfer that begins with a token and holds as many as it can."""
    kinds = tokens.kinds[first:]
    other = np.flatnonzero(kinds != kinds[0])
    run = int(other[0]) if len(other) else len(kinds)
    inner = walk_of(tokens.patterns[int(kinds[0])])
    if inner is None or run < group:
        return None
    offsets = tokens.offsets[first : first + run]
    best: Piece | None = None
    for outer in _outer(offsets, group):
        count = math.prod(each[0] for each in outer)
        walk = fitted(merged([*outer, *inner]), size, limits)
        array, offset = _place(offsets[0])
        if walk is not None and (best is None or count > best.tokens) and offset * size % WORD == 0:
            best = Piece(array=array, offset=offset, walk=walk, tokens=count)
    return best


def _outer(offsets: Numbers, group: int) -> Iterator[Walk]:
    """Walks through the first offsets, of a multiple of `group` of them, each of one dimension more or a larger one."""
    found: list[Dimension] = []
    count = 1
    if group == 1:
        yield ()
    while count < len(offsets):
        stride = int(offsets[count] - offsets[0])
        whole = len(offsets) // count
        rows = offsets[: whole * count].reshape(whole, count)
        steps = np.arange(whole, dtype=np.int64)[:, None] * stride
        differs = np.flatnonzero(np.any(rows - rows[:1] != steps, axis=1))
        trips = int(differs[0]) if len(differs) else whole
        if trips < 2:
            return
        for part in _tried(trips):
            if count * part % group == 0:
                yield ((part, stride), *found)
        if count < group and count * trips > group and group % count == 0:
            trips = group // count
        found.insert(0, (trips, stride))
        count *= trips


def _tried(trips: int) -> Iterator[int]:
    """How many iterations to try, the most first: hardware may count no further than the others."""
    yield trips
    yield from (most for most in (1023, 512, 256, 64, 32, 16, 8, 4, 2) if most < trips)


def fitted(walk: Walk, size: int, limits: TileLimits) -> Slots | None:
    """The walk as a descriptor holds it, outermost first: a repeat, then three dimensions; None where none does.

    Sizes and strides are in elements of `size` bytes, limits in words; what is smaller than a word goes in whole ones.
    """
    if size < WORD and walk and (walk[-1][1] != 1 or walk[-1][0] * size % WORD):
        return None
    if size < WORD and (not walk or any(stride * size % WORD for _, stride in walk[:-1])):
        return None
    if contiguous(walk):
        return ((1, 0), (1, 0), (1, 0), walk[0] if walk else (1, 1))
    if any(abs(stride) * size > WORD << limits.stride_bits for _, stride in walk) or any(s < 0 for _, s in walk):
        return None
    return next((each for each in map(_slots, _split(walk, size, limits)) if each is not None), None)


def _split(walk: Walk, size: int, limits: TileLimits) -> Iterator[Walk]:
    """Walks of as many dimensions as a descriptor has, large sizes cut in two, the outermost one a repeat or not."""
    for repeats in (False, True):
        outer = walk[:1] if repeats else ()
        inner = walk[1:] if repeats else walk
        cut = [_cut(each, size if place == len(inner) - 1 and each[1] == 1 else WORD, limits)
               for place, each in enumerate(inner)]  # fmt: skip
        found = tuple(itertools.chain.from_iterable(cut))
        if len(found) <= limits.dimensions and (not repeats or outer[0][0] <= MOST_REPEATS):
            padding = ((1, 0),) * (limits.dimensions - len(found))
            yield (*(outer or ((1, 0),)), *padding, *found)


def _cut(each: Dimension, size: int, limits: TileLimits) -> list[Dimension]:
    """A dimension as one that a descriptor counts through, or as two; steps of `size` bytes stay in whole words."""
    count, stride = each
    most = limits.most_size * WORD // size
    if count <= most:
        return [each]
    whole = max(1, WORD // size)
    part = next((n for n in range(most, 1, -1) if count % n == 0 and n % whole == 0), 1)
    return [(count // part, part * stride), (part, stride)]


def _slots(walk: Walk) -> Slots | None:
    """The walk, where no dimension but the repeat stands still."""
    if any(count > 1 and stride == 0 for count, stride in walk[1:]):
        return None
    first, second, third, fourth = walk
    return first, second, third, fourth
