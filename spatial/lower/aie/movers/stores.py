"""Elements that are written into arrays, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spatial.lower.aie.movers.tokens import Numbers
from spatial.lower.aie.movers.walks import walk_of

__all__ = ["Moved", "surely_apart"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moved:
    """Rows of elements that go into an array: from each place of `sources` to the flat index in `targets`, and so on.

    The other elements of a row lie as far behind the first one as `source` and `target` say.
    """

    targets: Numbers
    sources: Numbers
    target: Numbers
    source: Numbers

    @property
    def all_targets(self) -> Numbers:
        """The flat indices of all elements."""
        return (self.targets[:, None] + self.target).reshape(-1)

    @property
    def all_sources(self) -> Numbers:
        """The places that all elements come from."""
        return (self.sources[:, None] + self.source).reshape(-1)

    def alike(self, other: "Moved") -> bool:
        """Whether rows go on as those of the other do."""
        return np.array_equal(self.target, other.target) and np.array_equal(self.source, other.source)


def surely_apart(moved: Sequence[Moved]) -> bool:
    """Whether it is soon seen that no element is written twice: rows are alike, and begin at nested strides.

    Strides of which each is larger than all smaller ones reach together lead nowhere twice.
    """
    first = moved[0].target
    if any(each.target is not first and not np.array_equal(each.target, first) for each in moved):
        return False
    rows, pattern = walk_of(np.sort(np.concatenate([each.targets for each in moved]))), walk_of(first)
    if rows is None or pattern is None:
        return False
    reach = 0
    for size, stride in sorted((*rows, *pattern), key=lambda each: abs(each[1])):
        if abs(stride) <= reach:
            return False
        reach += (size - 1) * abs(stride)
    return True
