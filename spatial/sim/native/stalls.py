"""The time that the iterations of an overlapping pipeline wait, together."""

from collections.abc import Callable, Sequence

import numpy as np

__all__ = ["Stalls", "covered"]

Words = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
MANY = 1 << 19  # entries that are kept before they are merged


class Stalls:
    """Collects stalls of so many actors, by number: entries of the actor, whether it waited to put, begin and end.

    `floor` tells for an actor a cycle before which nothing more comes; what lies before it is kept as sums only,
    so that the memory needed does not grow with the run.
    """

    def __init__(self, actors: int, floor: Callable[[int], int]) -> None:
        self.floor = floor
        self.rows: Words = np.zeros((0, 4), np.int64)
        self.parts: list[Words] = []
        self.count = 0
        self.output, self.every = np.zeros(actors, np.int64), np.zeros(actors, np.int64)

    def add(self, entries: Words) -> None:
        self.parts.append(entries.copy())
        self.count += len(entries)
        if self.count >= MANY:
            self.settle()

    def settle(self) -> None:
        """Merges what lies before the actors' floors."""
        self.rows = np.concatenate([self.rows, *self.parts])
        self.parts, self.count = [], 0
        floors = np.zeros(len(self.every), np.int64)
        for actor in np.unique(self.rows[:, 0]).tolist():
            floors[actor] = self.floor(actor)
        bound = floors[self.rows[:, 0]]
        past = self.rows.copy()
        past[:, 3] = np.minimum(past[:, 3], bound)
        self.every += covered(past, len(floors))
        self.output += covered(past[past[:, 1] == 1], len(floors))
        self.rows[:, 2] = np.maximum(self.rows[:, 2], bound)
        self.rows = self.rows[self.rows[:, 2] < self.rows[:, 3]]

    def of(self, actor: int, open_ones: Sequence[tuple[bool, int, int]]) -> tuple[int, int]:
        """The cycles in which an actor waited to put, and those in which it waited for nothing but input."""
        if self.parts:
            self.settle()
        own = self.rows[self.rows[:, 0] == actor]
        others = [(actor, int(puts), begin, end) for puts, begin, end in open_ones]
        rest = np.concatenate([own, np.array(others, np.int64).reshape(-1, 4)])
        rest[:, 0] = 0
        output = int(self.output[actor] + covered(rest[rest[:, 1] == 1], 1)[0])
        return output, int(self.every[actor] + covered(rest, 1)[0]) - output


def covered(rows: Words, actors: int) -> Words:
    """How many cycles of each actor lie in at least one of its intervals; some may be empty."""
    totals = np.zeros(actors, np.int64)
    rows = rows[rows[:, 2] < rows[:, 3]]
    if not len(rows):
        return totals
    ordered = rows[np.lexsort((rows[:, 2], rows[:, 0]))]
    owner, first = ordered[:, 0], ordered[:, 2].min()
    apart = owner * (ordered[:, 3].max() - first + 1) - first  # so that intervals of different actors are disjoint
    begins, ends = ordered[:, 2] + apart, ordered[:, 3] + apart
    before = np.concatenate([begins[:1], np.maximum.accumulate(ends)[:-1]])
    np.add.at(totals, owner, np.maximum(ends - np.maximum(begins, before), 0))
    return totals
