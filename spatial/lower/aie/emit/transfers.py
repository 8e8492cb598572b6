"""Transfers of the host in the form that a shim's DMA takes."""

from collections.abc import Iterator, Sequence

from spatial.lower.aie.design import Dimension

__all__ = ["Piece", "begun_at", "pieces_of"]

Piece = tuple[int, tuple[Dimension, ...]]
"""Where a transfer begins, and its four dimensions, outermost first."""

REPEAT = 64  # of the outermost dimension
FILLED: Dimension = (1, 0)


def pieces_of(offset: int, walk: Sequence[Dimension], size: int, most: int) -> Iterator[Piece]:
    """The transfers that move what a walk visits, in its order, of elements of `size` bytes.

    A descriptor takes at most `most` words in its innermost dimension and as many rows in the next, unless all of it is
    one piece of memory. What has too many dimensions or repeats is cut along the outermost.
    """
    merged = _merged(walk)
    if len(merged) > 1 or merged[0][1] != 1:
        merged = _narrowed(merged, size, most)
    yield from _cut(offset, _filled(merged), most)


def begun_at(offset: int, walk: Sequence[Dimension]) -> tuple[Sequence[int], Sequence[Dimension]]:
    """The offsets of a transfer's dimensions that begin it there, and its dimensions with a stride for that.

    Each offset counts steps of its dimension; one of a single step may have any stride.
    """
    (_, stride), free = walk[-1], next((n for n, (count, _) in enumerate(walk) if count == 1), None)
    if offset % stride == 0:
        return (0, 0, 0, offset // stride), walk
    assert free is not None, "it was cut until there is one"
    return (
        [offset if n == free else 0 for n in range(len(walk))],
        [(1, 1) if n == free else each for n, each in enumerate(walk)],
    )


def _begins(offset: int, walk: Sequence[Dimension]) -> bool:
    """Whether there are offsets for that beginning."""
    return offset % walk[-1][1] == 0 or any(count == 1 for count, _ in walk)


def _filled(walk: Sequence[Dimension]) -> list[Dimension]:
    """At least four dimensions; what is repeated stays the outermost, as no other one may have the stride 0."""
    repeat = list(walk[:1]) if walk[0][1] == 0 else []
    rest = list(walk[len(repeat) :]) or [(1, 1)]
    return [*repeat, *[FILLED] * (4 - len(repeat) - len(rest)), *rest]


def _cut(offset: int, walk: Sequence[Dimension], most: int) -> Iterator[Piece]:
    """Cuts along the outermost dimension where the others are too many, or it repeats too often."""
    (count, stride), *inner = walk
    whole = len(walk) == 4
    if whole and count <= REPEAT and inner[1][0] <= most and _begins(offset, walk):
        yield offset, tuple(walk)
        return
    if not whole:
        for number in range(count):
            yield from _cut(offset + number * stride, inner, most)
        return
    if count <= REPEAT:
        for number in range(count):
            yield from _cut(offset + number * stride, [FILLED, *inner], most)
        return
    for first in range(0, count, REPEAT):
        yield offset + first * stride, ((min(REPEAT, count - first), stride), *inner)


def _merged(walk: Sequence[Dimension]) -> list[Dimension]:
    """Dimensions of one step left out, and those that go on where the inner one ends put together."""
    kept: list[Dimension] = []
    for count, stride in reversed([each for each in walk if each[0] != 1]):
        if kept and stride == kept[0][0] * kept[0][1]:
            kept[0] = (count * kept[0][0], kept[0][1])
        else:
            kept.insert(0, (count, stride))
    return kept or [(1, 1)]


def _narrowed(walk: list[Dimension], size: int, most: int) -> list[Dimension]:
    """The innermost two dimensions in as many steps as a descriptor counts."""
    found = list(walk)
    unit = max(1, 4 // size)
    limits = {1: most * unit * 4 // max(size, 4), 2: most}
    for place, limit in limits.items():
        if len(found) < place or found[-place][0] <= limit:
            continue
        count, stride = found[-place]
        step = unit if place == 1 else 1
        part = next((n for n in range(limit, 0, -1) if count % n == 0 and n % step == 0), 0)
        if part:
            found[-place : len(found) - place + 1] = [(count // part, part * stride), (part, stride)]
    return found
