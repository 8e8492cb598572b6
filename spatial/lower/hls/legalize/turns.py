"""Arrays of which actors take turns: an element of each, again and again."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.lower.hls.legalize.boxes import Box, Interval
from spatial.lower.hls.legalize.changes import Change

__all__ = ["Turns", "turns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The boxes of `count` actors, which are alike: each begins `stride` further in the dimension `axis`."""

    first: Box
    axis: int
    stride: int
    count: int

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of what passes: those of a box, then one for the actors."""
        return (*(each.count for each in self.first), self.count)

    def share(self, number: int) -> Box:
        """What an actor has of that."""
        return (*(Interval(first=0, count=each.count) for each in self.first), Interval(first=number, count=1))


def turns(changes: Sequence[Change]) -> Turns | None:
    """How the boxes of actors lie that use them in the same order, None if they do not lie evenly in one dimension."""
    first, boxes = changes[0].box, [change.box for change in changes]
    axes = [axis for axis in range(len(first)) if any(box[axis] != first[axis] for box in boxes)]
    if len(axes) != 1:
        return None
    (axis,) = axes
    firsts = [box[axis].first for box in boxes]
    stride = firsts[1] - firsts[0]
    even = all(each == firsts[0] + number * stride for number, each in enumerate(firsts))
    return Turns(first=first, axis=axis, stride=stride, count=len(boxes)) if even and stride > 0 else None
