"""Finds out that a run only polls: no token moves, and every actor goes round in a circle or waits.

Between two tokens an actor's future depends on its own state alone: what it asks the channels is
answered alike each time. So an actor that polls and comes back to a state it was in goes round for
ever. The states compared are those at the heads of `while` loops, the only loops without an end; a
repetition is found as by R. P. Brent, "An improved Monte Carlo factorization algorithm", BIT 20 (1980).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import simpy

from spatial.sim.reference.channel import Fifo

__all__ = ["LIMIT", "Stillness", "Turns"]

PATIENCE = 1000  # polls without a token before states are compared
LIMIT = 1_000_000  # polls without a token after which the run is given up


@dataclass(slots=True)
class Turns:
    """The state of an actor that later ones are compared with; it belongs to one `epoch` of the run."""

    epoch: int = -1
    saved: object = None
    steps: int = 0
    power: int = 1

    def repeats(self, epoch: int, state: object) -> bool:
        """Whether the actor has been in this state since a token moved."""
        if self.epoch != epoch:
            self.epoch, self.saved, self.steps, self.power = epoch, state, 0, 1
            return False
        if state == self.saved:
            return True
        self.steps += 1
        if self.steps == self.power:
            self.saved, self.steps, self.power = state, 0, self.power * 2
        return False


@dataclass(slots=True)
class Stillness:
    """The polls after the last cycle with a token: how many, `since` when, who `polled` what where, who is `spinning`.

    In `settling` cycles without a token every channel shows what it holds, and every pipeline that can
    only wait does wait. A look at all actors is `due` at the end of a cycle in which one more of them is seen
    to go round in a circle. Decisions within a cycle are by the polls of `earlier` ones: the order in which
    actors act must not matter.
    """

    environment: simpy.Environment
    settling: int = 0
    epoch: int = 0
    polls: int = 0
    earlier: int = 0
    cycle: float = -1
    last_move: float = -1
    since: float = 0
    polled: dict[tuple[int, int], Fifo] = field(default_factory=dict)
    spinning: set[int] = field(default_factory=set)
    next_look: int = PATIENCE
    due: bool = False

    def poll(self, actor: int, site: int, fifo: Fifo) -> None:
        """An actor asks a channel."""
        if self.last_move == self.environment.now:
            return
        self.begin_cycle()
        if not self.polls:
            self.since = self.environment.now
        self.polls += 1
        self.polled[actor, site] = fifo
        self.due |= self.polls >= LIMIT

    def moved(self) -> None:
        """A token moves."""
        self.last_move = self.environment.now
        if self.polls:
            self.epoch += 1
            self.polls = self.earlier = 0
            self.due = False
            self.next_look = PATIENCE
            self.polled.clear()
            self.spinning.clear()

    def begin_cycle(self) -> None:
        """Closes the count of earlier cycles, if this is a new one."""
        if self.cycle != self.environment.now:
            self.cycle, self.earlier = self.environment.now, self.polls

    @property
    def lasts(self) -> bool:
        """Whether it is time to compare states."""
        if self.polls < PATIENCE:
            return False
        self.begin_cycle()
        return self.earlier >= PATIENCE and self.environment.now - self.since > self.settling

    def turn(self, actor: int, turns: Turns, place: int, names: Mapping[str, object]) -> None:
        """An actor begins an iteration of a `while`."""
        if actor not in self.spinning:
            if not turns.repeats(self.epoch, (place, _state(names))):
                return
            self.spinning.add(actor)
        elif self.earlier < self.next_look:
            return
        self.next_look = self.earlier + PATIENCE
        self.due = True


def _state(names: Mapping[str, object]) -> list[tuple[str, object]]:
    """The numbers and the memory among local variables, copied."""
    return [(name, kept) for name, value in names.items() if (kept := _kept(value)) is not None]


def _kept(value: object) -> object:
    match value:
        case float() if value != value:
            return "nan"
        case int() | float():
            return value
        case list():
            return list(value)
    shared = getattr(value, "values", None)
    return list(shared) if isinstance(shared, list) else None
