"""Finds the smallest channel depths that make a deadlocked network run, by running it.

A cycle of waiting actors stays closed, whatever other channels hold, until one of the full channels
in it is deeper: so every deadlock met at some depths excludes them, and the search is exact.
"""

import heapq
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from spatial.ir.graph import ActorGraph
from spatial.sim.deadlock import Deeper, full_channels, waiting_cycle
from spatial.sim.engine import UNBOUNDED, Ending, Outcome
from spatial.sim.network import Network

__all__ = ["find_depths"]

Depths = dict[str, int]
SECONDS = 10.0


@dataclass(slots=True)
class Search:
    """Runs of one network at depths that differ from `present`; `needed` are the channels' most tokens unbounded."""

    network: Network
    present: Mapping[str, int]
    needed: Mapping[str, int]
    run: Callable[[Mapping[str, int]], Outcome]
    deadline: float
    known: dict[tuple[tuple[str, int], ...], Outcome] = field(default_factory=dict)

    def outcome(self, changed: Depths) -> Outcome:
        key = tuple(sorted(changed.items()))
        if key not in self.known:
            self.known[key] = self.run({**self.present, **changed})
        return self.known[key]

    def runs(self, changed: Depths) -> bool:
        return self.outcome(changed).ending is Ending.FINISHED

    def blockers(self, changed: Depths) -> tuple[str, ...]:
        """The full channels of a waiting cycle at these depths."""
        waits, _ = waiting_cycle(self.network, self.outcome(changed), {**self.present, **changed})
        return full_channels(waits)

    def late(self) -> bool:
        return time.monotonic() > self.deadline


def find_depths(
    network: Network, present: Mapping[str, int], unbounded: Outcome, run: Callable[[Mapping[str, int]], Outcome]
) -> Deeper:
    """The smallest depths by memory bits, ties by name; `unbounded` is a run that finished without bounds.

    Gives up on proving that nothing smaller runs after some seconds, and says so.
    """
    # One slot more than was ever filled: then no put waits, and the run is the unbounded one.
    needed = {name: max(present[name], fifo.most + 1) for name, fifo in unbounded.fifos.items()}
    search = Search(network, present, needed, run, time.monotonic() + SECONDS)
    changed = necessary(search)
    found = cheapest(search, changed)
    smallest = found is not None
    chosen = found if found is not None else sufficient(search, changed)
    names = sorted(chosen)
    return Deeper(
        depths={name: chosen[name] for name in names},
        present={name: present[name] for name in names},
        cycles=int(max(state.done or 0 for state in search.outcome(chosen).actors.values())),
        smallest=smallest,
        checked=len(search.known),
    )


def necessary(search: Search) -> Depths:
    """Depths that every solution has at least: what each blocking channel needs were all others unbounded."""
    changed: Depths = {}
    while not search.late() and not search.runs(changed):
        raised = False
        for name in search.blockers(changed):
            least = least_alone(search, name)
            if least > changed.get(name, search.present[name]):
                changed[name] = least
                raised = True
        if not raised:
            break
    return changed


def least_alone(search: Search, name: str) -> int:
    """The least depth of a channel that runs when all others are unbounded, by bisection."""
    others = {other: UNBOUNDED for other in search.present if other != name}
    low, high = search.present[name], search.needed[name]
    while low < high:
        middle = (low + high) // 2
        if search.runs({**others, name: middle}):
            high = middle
        else:
            low = middle + 1
    return low


def cheapest(search: Search, start: Depths) -> Depths | None:
    """The cheapest depths from `start` on, by uniform-cost search; None where time runs out."""
    frontier = [(0, tuple(sorted(start.items())))]
    seen = set()
    while frontier and not search.late():
        cost, key = heapq.heappop(frontier)
        if key in seen:
            continue
        seen.add(key)
        changed = dict(key)
        if search.runs(changed):
            return changed
        for name in search.blockers(changed):
            deeper = {**changed, name: changed.get(name, search.present[name]) + 1}
            bits = bits_of(search.network.graph, name)
            heapq.heappush(frontier, (cost + bits, tuple(sorted(deeper.items()))))
    return None


def sufficient(search: Search, start: Depths) -> Depths:
    """Depths that run: every blocking channel as deep as it was ever filled."""
    changed = dict(start)
    while not search.runs(changed):
        for name in search.blockers(changed):
            changed[name] = search.needed[name]
    return changed


def bits_of(graph: ActorGraph, name: str) -> int:
    return graph.channel[name].element.bits
