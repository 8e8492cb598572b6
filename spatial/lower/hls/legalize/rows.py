"""Many actors that have shares of an array, in rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.ir.graph import Actor
from spatial.lower.hls.legalize.boxes import Box, Interval, box_size, joined
from spatial.lower.hls.legalize.changes import Change, Write, shape_of_box

__all__ = ["Member", "Row", "inside", "rows_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An actor that has a share of the array."""

    actor: Actor
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Actors of a kernel whose positions differ in the last axis; all their shares lie in `box`."""

    kernel: str
    pid: tuple[int, ...]
    members: tuple[Member, ...]
    box: Box

    @property
    def whole(self) -> bool:
        """Whether they surely write all of the box."""
        shares = [each.change for each in self.members]
        masked = any(each.write is Write.MASKED for each in shares)
        return not masked and sum(box_size(each.box) for each in shares) == box_size(self.box)


def rows_of(members: Sequence[Member]) -> list[Row]:
    """The members in rows, if a chain of rows that each have a chain is at most a fifth as long as one of all members.

    Nothing otherwise, or where the rows' boxes are not of one shape.
    """
    groups: dict[tuple[str, tuple[int, ...]], list[Member]] = {}
    for each in members:
        groups.setdefault((each.actor.kernel, each.actor.pid[:-1]), []).append(each)
    longest = max(map(len, groups.values()), default=0)
    few = len(groups) < 2 or longest < 2 or len(members) < 5 * (len(groups) + longest)
    if few or any(box_size(each.change.box) == 0 for each in members):
        return []
    rows = [
        Row(kernel=kernel, pid=pid, members=tuple(row), box=joined([each.change.box for each in row]))
        for (kernel, pid), row in groups.items()
    ]
    return rows if len({shape_of_box(row.box) for row in rows}) == 1 else []


def inside(box: Box, outer: Box) -> Box:
    """Where a box lies among the elements of one that has them all."""
    return tuple(
        Interval(
            first=(each.first - around.first) // around.step,
            count=each.count,
            step=each.step // around.step if each.count > 1 else 1,
        )
        for each, around in zip(box, outer, strict=True)
    )
