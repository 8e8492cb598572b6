"""The time that the iterations of an overlapping pipeline wait, together."""

from collections.abc import Sequence

import numpy as np

__all__ = ["Stalls", "covered"]

Words = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Stalls:
    """Collects stalls of actors, by number: entries of the actor, whether it waited to put, begin and end."""

    def __init__(self) -> None:
        self.parts: list[Words] = []

    def add(self, entries: Words) -> None:
        self.parts.append(entries.reshape(-1, 4).copy())

    def of(self, actor: int, open_ones: Sequence[tuple[bool, int, int]]) -> tuple[int, int]:
        """The cycles in which an actor waited to put, and those in which it waited for nothing but input."""
        rows = [part[part[:, 0] == actor, 1:] for part in self.parts]
        rows.append(np.array(open_ones, np.int64).reshape(-1, 3))
        every = np.concatenate(rows)
        output = covered(every[every[:, 0] == 1, 1:])
        return output, covered(every[:, 1:]) - output


def covered(intervals: Words) -> int:
    """How many cycles lie in at least one interval."""
    if not len(intervals):
        return 0
    ordered = intervals[np.argsort(intervals[:, 0], kind="stable")]
    reached = np.maximum.accumulate(ordered[:, 1])
    begins = np.maximum(ordered[1:, 0], reached[:-1])
    first = reached[0] - ordered[0, 0]
    return int(first + np.maximum(reached[1:] - begins, 0).sum())
