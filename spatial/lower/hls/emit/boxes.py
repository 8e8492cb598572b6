"""Groups points of a grid into boxes over which all numbers that belong to them are affine."""

import math
import operator
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

__all__ = ["Box", "Point", "boxes_of", "full_boxes", "hull"]

Point = tuple[int, ...]
Entry = tuple[Hashable, Point]
Growth = tuple[int, int, Point]  # step, count, slope


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Points `origin + step * count` along each axis, alike in their keys.

    Number `n` of a point is `numbers[n]` plus, for each axis, `slopes[axis][n]` for every step from the origin.
    """

    origin: Point
    steps: Point
    counts: Point
    numbers: Point
    slopes: tuple[Point, ...]

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes along which there is more than one point."""
        return tuple(axis for axis, count in enumerate(self.counts) if count > 1)

    def points(self) -> Iterator[Point]:
        """All its points in order."""
        return product(
            *(
                range(start, start + step * count, step)
                for start, step, count in zip(self.origin, self.steps, self.counts, strict=True)
            )
        )


def boxes_of(points: Mapping[Point, Entry]) -> list[Box]:
    """Boxes that hold each point once; the points of a box have one key, and numbers that are affine.

    Takes time linear in the number of points where few boxes suffice: a box grows from the first point that is left,
    along its last axis first.
    """
    left = dict(sorted(points.items()))
    ends = _ends(left)
    found = []
    while left:
        origin = next(iter(left))
        box = _grown(origin, left, _reach(origin, ends))
        for point in box.points():
            del left[point]
        found.append(box)
    return found


def full_boxes(points: Sequence[Point]) -> list[Box]:
    """The same without gaps: boxes whose steps are 1."""
    around = _around(points)
    if len(points) == math.prod(around.counts):
        return [around]
    left: dict[Point, Entry] = dict.fromkeys(sorted(points), (None, ()))
    found = []
    while left:
        origin = next(iter(left))
        box = _grown(origin, left, (1,) * len(origin))
        for point in box.points():
            del left[point]
        found.append(box)
    return found


def hull(extents: Point) -> Box:
    """The box of all points below the extents."""
    rank = len(extents)
    return Box(origin=(0,) * rank, steps=(1,) * rank, counts=extents, numbers=(), slopes=((),) * rank)


def _around(points: Sequence[Point]) -> Box:
    """The least box without gaps that holds points."""
    axes = list(zip(*points, strict=True))
    counts = tuple(max(axis) - min(axis) + 1 for axis in axes)
    return replace(hull(counts), origin=tuple(map(min, axes)))


def _ends(points: Iterable[Point]) -> Point:
    """The greatest number on each axis."""
    return tuple(map(max, zip(*points, strict=True)))


def _reach(origin: Point, ends: Point) -> Point:
    return tuple(map(operator.sub, ends, origin))


def _grown(origin: Point, left: Mapping[Point, Entry], reach: Point) -> Box:
    """The box that is got by growing from a point, axis after axis, as far as it goes; no step exceeds `reach`."""
    numbers = left[origin][1]
    rank = len(origin)
    grown: dict[int, Growth] = {}
    members = [origin]
    for axis in reversed(range(rank)):
        step = _next_step(origin, axis, left, reach[axis])
        if step is None:
            continue
        slope = tuple(map(operator.sub, left[_moved(origin, axis, step)][1], numbers))
        layers = list(_layers(members, (axis, step, slope), grown, left))
        if layers and not (len(layers) == 1 and _bends(layers[0][0], axis, step, left)):
            grown[axis] = (step, 1 + len(layers), slope)
            members += [point for layer in layers for point in layer]
    steps, counts, slopes = zip(*(grown.get(axis, (1, 1, (0,) * len(numbers))) for axis in range(rank)), strict=True)
    return Box(origin=origin, steps=steps, counts=counts, numbers=numbers, slopes=slopes)


def _next_step(origin: Point, axis: int, left: Mapping[Point, Entry], reach: int) -> int | None:
    """How far the next point that is like the origin lies along an axis."""
    key = left[origin][0]
    for step in range(1, reach + 1):
        entry = left.get(_moved(origin, axis, step))
        if entry is not None and entry[0] == key and len(entry[1]) == len(left[origin][1]):
            return step
    return None


def _layers(
    members: Sequence[Point], way: tuple[int, int, Point], grown: Mapping[int, Growth], left: Mapping[Point, Entry]
) -> Iterator[list[Point]]:
    """The members moved by one step, by two, and so on, while all of that is there, with the same slope.

    It ends before what could grow farther than the members did: that begins a box of its own.
    """
    axis, step, slope = way
    layer = list(members)
    while True:
        moved = [_moved(point, axis, step) for point in layer]
        steps = zip(layer, moved, strict=True)
        if not all(_continues(left[before], left.get(after), slope) for before, after in steps):
            return
        if any(_goes_on(moved[0], moved[-1], (axis, *grown[axis]), left) for axis in grown):
            return
        yield moved
        layer = moved


def _goes_on(first: Point, last: Point, line: tuple[int, int, int, Point], left: Mapping[Point, Entry]) -> bool:
    """Whether a row from a first to a last point could be longer, at either end."""
    axis, step, _, slope = line
    before, behind = _moved(first, axis, -step), _moved(last, axis, step)
    early = left.get(before)
    return (early is not None and _continues(early, left[first], slope)) or _continues(
        left[last], left.get(behind), slope
    )


def _bends(point: Point, axis: int, step: int, left: Mapping[Point, Entry]) -> bool:
    """Whether a line begins at a point, so that what comes before it is better left out of the line."""
    line = [left.get(_moved(point, axis, step * count)) for count in range(3)]
    first, second, third = line
    if first is None or second is None or third is None or len({first[0], second[0], third[0]}) > 1:
        return False
    return _continues(second, third, tuple(map(operator.sub, second[1], first[1])))


def _continues(before: Entry, after: Entry | None, slope: Point) -> bool:
    if after is None or after[0] != before[0]:
        return False
    return after[1] == tuple(map(operator.add, before[1], slope))


def _moved(point: Point, axis: int, step: int) -> Point:
    return (*point[:axis], point[axis] + step, *point[axis + 1 :])
