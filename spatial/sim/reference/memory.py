"""Memory that several actors touch: watches that tokens order every conflicting pair of accesses."""

from dataclasses import dataclass, field

from spatial.sim.reference.actor import ActorState

__all__ = ["Access", "FreeMemory", "Race", "SharedMemory", "Untracked"]


class Untracked(Exception):
    """Two actors touch one element, and the run does not keep the clocks that would tell whether that is a race."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who touched an element, at which count of its puts, and where."""

    actor: ActorState
    count: int
    site: int
    writes: bool


class Race(Exception):
    """Two accesses to one element that no chain of tokens orders."""

    def __init__(self, array: str, position: int, first: Access, second: Access) -> None:
        super().__init__(array, position, first, second)  # SimPy raises it anew from its arguments
        self.array = array
        self.position = position
        self.first = first
        self.second = second


@dataclass(slots=True)
class SharedMemory:
    """An array in C order that one actor writes and another touches."""

    name: str
    values: list[object]
    writes: dict[int, Access] = field(default_factory=dict)
    reads: dict[int, list[Access]] = field(default_factory=dict)

    def read(self, position: int, actor: ActorState, site: int) -> object:
        access = Access(actor, 0 if actor.clock is None else actor.clock[actor.number], site, writes=False)
        if (write := self.writes.get(position)) is not None:
            self.check(position, write, access)
        reads = self.reads.setdefault(position, [])
        reads[:] = [earlier for earlier in reads if earlier.actor is not actor]
        reads.append(access)
        return self.values[position]

    def write(self, position: int, value: object, actor: ActorState, site: int) -> None:
        access = Access(actor, 0 if actor.clock is None else actor.clock[actor.number], site, writes=True)
        if (write := self.writes.get(position)) is not None:
            self.check(position, write, access)
        for read in self.reads.pop(position, ()):
            self.check(position, read, access)
        self.writes[position] = access
        self.values[position] = value

    def check(self, position: int, earlier: Access, later: Access) -> None:
        """The later actor must have seen a put that the earlier one made after its access."""
        if earlier.actor is later.actor:
            return
        if later.actor.clock is None:
            raise Untracked
        if later.actor.clock.get(earlier.actor.number, -1) < earlier.count:
            raise Race(self.name, position, earlier, later)


class FreeMemory(SharedMemory):
    """The same where nothing is watched."""

    __slots__ = ()

    def read(self, position: int, actor: ActorState, site: int) -> object:
        return self.values[position]

    def write(self, position: int, value: object, actor: ActorState, site: int) -> None:
        self.values[position] = value
