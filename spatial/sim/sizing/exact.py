"""Finds the depths that take the least memory of all that reach a target.

Depths that miss the target exclude all smaller ones that are stored alike; each miss is first enlarged as far as it
stays one, then becomes a cut: some channel must be deeper than there. The cheapest depths that satisfy all cuts so
far are tried next, until they reach the target. A miss where memories are as quick as registers
excludes smaller ones however they are stored.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field

from spatial.device.storage import Memory
from spatial.sim.sizing.search import Search, Target, Vector, replaced

__all__ = ["Exact"]

CANDIDATES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """To reach `target` one of `limits` must be exceeded, where the groups at `memories` are memories."""

    target: Target
    limits: Mapping[int, int]
    memories: frozenset[int] = frozenset()


@dataclass(slots=True)
class Exact:
    """A search for the cheapest depths; cuts found for a target are of use for all smaller ones.

    It gives up after `budget` runs since `begin`, or after some thousand candidates.
    """

    search: Search
    optimistic: Search
    budget: int
    cuts: list[Cut] = field(default_factory=list)
    before: int = 0

    def begin(self) -> None:
        """From here on the budget counts."""
        self.before = self.runs()

    def runs(self) -> int:
        return len(self.search.known) + len(self.optimistic.known)

    def cheapest(self, target: Target) -> Vector | None:
        """The depths with the least memory that reach the target, which some do; None where the budget is spent."""
        cuts = [cut for cut in self.cuts if includes(cut.target, target)]
        frontier: list[tuple[Memory, Vector]] = []
        seen: set[Vector] = set()
        self.push(frontier, seen, self.search.vector(lambda group: group.least))
        while frontier and not self.spent() and len(seen) < CANDIDATES:
            _, vector = heapq.heappop(frontier)
            cut = next((cut for cut in cuts if self.misses(vector, cut)), None)
            if cut is None:
                if self.search.reaches(vector, target):
                    return vector
                cut = self.cut(vector, target)
                cuts.append(cut)
                self.cuts.append(cut)
            for place, limit in cut.limits.items():
                self.push(frontier, seen, replaced(vector, {place: limit + 1}))
        return None

    def push(self, frontier: list[tuple[Memory, Vector]], seen: set[Vector], vector: Vector) -> None:
        if vector not in seen:
            seen.add(vector)
            heapq.heappush(frontier, (self.search.memory(vector), vector))

    def spent(self) -> bool:
        return self.runs() - self.before > self.budget

    def misses(self, vector: Vector, cut: Cut) -> bool:
        """Whether a cut excludes depths."""
        groups = self.search.groups
        return all(vector[place] <= limit for place, limit in cut.limits.items()) and all(
            groups[place].memories(vector[place]) for place in cut.memories
        )

    def cut(self, vector: Vector, target: Target) -> Cut:
        """What a miss excludes."""
        if not self.optimistic.reaches(vector, target):
            return Cut(target=target, limits=self.enlarged(self.optimistic, vector, target, {}))
        groups = self.search.groups
        tops = {n: group.register for n, group in enumerate(groups) if not group.memories(vector[n])}
        memories = frozenset(n for n in range(len(groups)) if n not in tops)
        return Cut(target=target, limits=self.enlarged(self.search, vector, target, tops), memories=memories)

    def enlarged(self, search: Search, vector: Vector, target: Target, tops: Mapping[int, int]) -> Mapping[int, int]:
        """A miss made as deep as it stays one, no place beyond its top; places that may have any depth are left out."""
        limits: dict[int, int] = {}
        for place, group in enumerate(search.groups):
            high = min(group.deep, tops.get(place, group.deep))
            low = vector[place]
            if high <= low or not search.reaches(replaced(vector, {place: high}), target):
                vector = replaced(vector, {place: max(low, high)})
                if place in tops and high < group.deep:
                    limits[place] = max(low, high)
                continue
            while low + 1 < high:
                middle = (low + high) // 2
                if search.reaches(replaced(vector, {place: middle}), target):
                    high = middle
                else:
                    low = middle
            vector = replaced(vector, {place: low})
            limits[place] = low
        return limits


def includes(wide: Target, narrow: Target) -> bool:
    """Whether what reaches `narrow` reaches `wide`."""
    return wide is None or (narrow is not None and narrow <= wide)
