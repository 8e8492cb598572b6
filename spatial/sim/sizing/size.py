"""Finds the smallest depths for a number of cycles, and checks them."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.device.model import Device
from spatial.sim.sizing.evaluator import Evaluator
from spatial.sim.sizing.exact import Exact
from spatial.sim.sizing.fewest import Fewest, fewest
from spatial.sim.sizing.front import Point, exact_front, trimmed_front
from spatial.sim.sizing.search import Search, Target, Vector, replaced, search_of
from spatial.sim.sizing.trim import trimmed

__all__ = ["Sizer", "Solution", "sizer_of"]

GROUPS = 16  # more of them are not searched for the least memory of all


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Depths that take `cycles`; `shallower` says for each group the cycles with it a token shallower.

    `shallower` has None where that deadlocks, and where a group is as shallow as can be. `least` says that no
    depths with less memory take as few cycles as were asked for.
    """

    vector: Vector
    cycles: int
    shallower: Sequence[int | None]
    least: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizer:
    """A search for depths under way: its runs are shared by all that it is asked for."""

    search: Search
    best: Fewest
    exact: Exact

    def smallest(self, target: Target) -> Solution:
        """The smallest depths found that take at most `target` cycles, which must not be less than the fewest."""
        found = self.cheapest(target)
        vector = trimmed(self.search, self.best.vector, target) if found is None else found
        cycles = self.search.cycles([vector])[0]
        assert cycles is not None, "only depths that run are found"
        return Solution(vector=vector, cycles=cycles, shallower=self.shallower(vector), least=found is not None)

    def cheapest(self, target: Target) -> Vector | None:
        """The depths with the least memory of all, where that is not too much work."""
        if len(self.search.groups) > GROUPS:
            return None
        self.exact.begin()
        return self.exact.cheapest(target)

    def shallower(self, vector: Vector) -> list[int | None]:
        """The cycles with each group a token shallower than in the vector."""
        groups = self.search.groups
        places = [place for place, group in enumerate(groups) if vector[place] > group.least]
        cycles = self.search.cycles([replaced(vector, {place: vector[place] - 1}) for place in places])
        found = dict(zip(places, cycles, strict=True))
        return [found.get(place) for place in range(len(groups))]

    def front(self) -> tuple[list[Point], bool]:
        """What fewer cycles cost in memory, and whether those are all points that no depths improve on."""
        if len(self.search.groups) <= GROUPS:
            self.exact.begin()
            points = exact_front(self.exact, self.best.cycles)
            if points is not None:
                return points, self.best.proven or points[0].cycles == self.best.cycles
        return trimmed_front(self.search, self.best), False


def sizer_of(evaluator: Evaluator, device: Device) -> Sizer | None:
    """The search for depths of a program; None where it deadlocks however deep its channels are."""
    search = search_of(evaluator, device)
    optimistic = search.optimistic()
    best = fewest(search, optimistic)
    if best is None:
        return None
    return Sizer(search=search, best=best, exact=Exact(search, optimistic, evaluator.budget))
