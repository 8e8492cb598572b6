"""Boxes of an array's elements: an interval with a step for each dimension."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from spatial.types.layout import Cut

__all__ = ["Box", "Interval", "box_size", "joined", "part_of", "slices", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The `count` indices from `first` on that are `step` apart."""

    first: int
    count: int
    step: int = 1

    @property
    def last(self) -> int:
        """The greatest index."""
        return self.first + (self.count - 1) * self.step


Box: TypeAlias = tuple[Interval, ...]


def whole(shape: Sequence[int]) -> Box:
    """All elements."""
    return tuple(Interval(first=0, count=extent) for extent in shape)


def box_size(box: Box) -> int:
    """How many elements it has."""
    return math.prod(interval.count for interval in box)


def joined(boxes: Sequence[Box]) -> Box:
    """The least box with all elements of some boxes, at least one."""
    if len(boxes) == 1:
        return boxes[0]
    return tuple(_joined(intervals) for intervals in zip(*boxes, strict=True))


def slices(box: Box) -> tuple[slice, ...]:
    """The same as NumPy's slices."""
    return tuple(slice(each.first, each.last + 1, each.step) for each in box)


def part_of(cut: Cut, interval: Interval) -> Cut:
    """A cut of the indices of an interval alone that parts whatever a cut of all indices does, wherever it begins."""
    ways = cut.ways // math.gcd(cut.ways, interval.step)
    if interval.count == cut.extent:
        return cut
    if cut.blocks == 1 and interval.count % ways == 0:
        return Cut(extent=interval.count, ways=ways)
    return Cut(extent=interval.count, blocks=interval.count if cut.banks > 1 else 1)


def _joined(intervals: Sequence[Interval]) -> Interval:
    first, last = min(each.first for each in intervals), max(each.last for each in intervals)
    steps = (each.step for each in intervals if each.count > 1)
    step = math.gcd(*steps, *(each.first - first for each in intervals)) or 1
    return Interval(first=first, count=(last - first) // step + 1, step=step)
