"""Finds the smallest channel depths that make a deadlocked network run, by running it.

More depth never makes a network deadlock. So depths that deadlock exclude all smaller ones; each
deadlock met is first enlarged as far as it stays one, then becomes a cut: some channel must be deeper
than there. The cheapest depths that satisfy all cuts so far are tried next, until they run.
"""

import heapq
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from spatial.sim.explain.deadlock import Deeper, Undecided, blocking_channels
from spatial.sim.reference.engine import UNBOUNDED, Ending, Outcome
from spatial.sim.reference.network import Network

__all__ = ["deeper_in_time", "find_depths"]

Depths = Mapping[str, int]
SECONDS = 3.0
DOUBLINGS = 16


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a run at some depths showed: its cycles where it finished, else what was full.

    `blockers` are the full channels of a knot of waits, `full` all that somebody waits to put into.
    """

    finished: bool
    cycles: int = 0
    blockers: tuple[str, ...] = ()
    full: tuple[str, ...] = ()


@dataclass(slots=True)
class Search:
    """Runs of one network; `needed` are depths at which no put waits, of each of `cuts` one depth must be exceeded."""

    network: Network
    present: Depths
    needed: Depths
    run: Callable[[Depths], Outcome]
    deadline: float
    known: dict[tuple[tuple[str, int], ...], Attempt] = field(default_factory=dict)
    cuts: list[Depths] = field(default_factory=list)

    def attempt(self, changed: Depths) -> Attempt:
        """A run at the present depths but for those changed."""
        key = tuple(sorted(changed.items()))
        if key not in self.known:
            self.known[key] = self.look({**self.present, **changed})
        return self.known[key]

    def look(self, depths: Depths) -> Attempt:
        outcome = self.run(depths)
        if outcome.ending is Ending.FINISHED:
            return Attempt(finished=True, cycles=int(outcome.last))
        waits = (wait for state in outcome.actors.values() for wait in state.waits)
        full = tuple(dict.fromkeys(wait.fifo.name for wait in waits if wait.puts))
        return Attempt(finished=False, blockers=blocking_channels(self.network, outcome), full=full)

    def cost(self, depths: Depths) -> int:
        """The memory bits that depths add to the present ones."""
        channels = self.network.graph.channel
        return sum((depth - self.present[name]) * channels[name].element.bits for name, depth in depths.items())

    def late(self) -> bool:
        return time.monotonic() > self.deadline


def find_depths(network: Network, present: Depths, unbounded: Outcome, run: Callable[[Depths], Outcome]) -> Deeper:
    """The smallest depths by memory bits, ties by name; `unbounded` is a run that finished without bounds.

    After some seconds it gives up proving that nothing smaller runs, and says so.
    """
    # With a slot for every token no put waits, however shallow the other channels are.
    needed = {name: max(present[name], fifo.initial + fifo.puts) for name, fifo in unbounded.fifos.items()}
    search = Search(network, present, needed, run, time.monotonic() + SECONDS)
    chosen = smallest(search)
    proven = chosen is not None
    if chosen is None:
        search.deadline = time.monotonic() + SECONDS
        chosen = sufficient(search)
    names = sorted(chosen)
    return Deeper(
        depths={name: chosen[name] for name in names},
        present={name: present[name] for name in names},
        cycles=search.attempt(chosen).cycles,
        smallest=proven,
        checked=len(search.known),
    )


def deeper_in_time(network: Network, present: Depths, run: Callable[[Depths], Outcome]) -> Deeper | Undecided:
    """Depths that run where actors poll, found by doubling those of full channels.

    What happens then depends on time: other depths mean another course, so nothing is said of smaller ones.
    """
    depths, deadline = dict(present), time.monotonic() + SECONDS
    for checked in range(1, DOUBLINGS + 1):
        outcome = run(depths)
        if outcome.ending is Ending.FINISHED:
            changed = {name: depths[name] for name in sorted(depths) if depths[name] != present[name]}
            before = {name: present[name] for name in changed}
            return Deeper(
                depths=changed,
                present=before,
                cycles=int(outcome.last),
                smallest=False,
                checked=checked,
                timed=True,
            )
        full = blocking_channels(network, outcome) if outcome.ending is Ending.DEADLOCK else ()
        if not full or time.monotonic() > deadline:
            break
        depths |= {name: 2 * depths[name] for name in full}
    return Undecided(why="actors poll, so depths change what happens, and doubling those of full channels did not help")


def smallest(search: Search) -> Depths | None:
    """The cheapest depths that run; None where time runs out."""
    while not search.late():
        candidate = cheapest(search)
        if candidate is None:
            return None
        attempt = search.attempt(candidate)
        if attempt.finished:
            return candidate
        search.cuts.append(enlarged(search, candidate, attempt.blockers))
    return None


def enlarged(search: Search, depths: Depths, blockers: tuple[str, ...]) -> Depths:
    """A deadlock made as deep as it stays one; channels that may have any depth are left out.

    A knot of waits holds whatever other channels hold: only its full channels can open it.
    """
    limits = {name: depths.get(name, search.present[name]) for name in blockers}
    others = {name: UNBOUNDED for name in search.present if name not in limits}
    for name in blockers:
        rest = {**others, **{other: limit for other, limit in limits.items() if other != name}}
        low, high = limits[name], search.needed[name]
        while low < high and not search.late():
            middle = (low + high + 1) // 2
            if search.attempt({**rest, name: middle}).finished:
                high = middle - 1
            else:
                low = middle
        if low == search.needed[name]:
            del limits[name]
            others[name] = UNBOUNDED
        else:
            limits[name] = low
    return limits


def cheapest(search: Search) -> Depths | None:
    """The cheapest depths that exceed every cut somewhere, ties by name, by uniform-cost search; None if too late."""
    frontier: list[tuple[int, tuple[tuple[str, int], ...]]] = [(0, ())]
    seen = set()
    while frontier and not search.late():
        _, key = heapq.heappop(frontier)
        if key in seen:
            continue
        seen.add(key)
        depths = dict(key)
        cut = next((cut for cut in search.cuts if not exceeds(depths, cut)), None)
        if cut is None:
            return depths
        for name, limit in cut.items():
            deeper = {**depths, name: limit + 1}
            heapq.heappush(frontier, (search.cost(deeper), tuple(sorted(deeper.items()))))
    return None


def exceeds(depths: Depths, cut: Depths) -> bool:
    return any(depths.get(name, 0) > limit for name, limit in cut.items())


def sufficient(search: Search) -> Depths:
    """Depths that run and of which, time permitting, no single one can be lower."""
    changed: dict[str, int] = {}
    while not (attempt := search.attempt(changed)).finished:
        for name in attempt.full:
            changed[name] = search.needed[name]
    for name in sorted(changed, key=lambda name: (-search.cost({name: changed[name]}), name)):
        low, high = search.present[name], changed[name]
        while low < high and not search.late():
            middle = (low + high) // 2
            if search.attempt({**changed, name: middle}).finished:
                high = middle
            else:
                low = middle + 1
        changed[name] = high
    return {name: depth for name, depth in changed.items() if depth > search.present[name]}
