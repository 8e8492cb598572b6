"""What happens in a run cycle by cycle, in one order for all engines, handed on piece by piece."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from spatial.source.span import Span

__all__ = ["Ended", "Event", "Iterated", "Moved", "Sink", "Timeline", "Waited", "Waits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A token is put into a channel, or taken from it; numbers are those of the program's graph."""

    cycle: int
    channel: int
    puts: bool
    value: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """An iteration of an actor begins to wait at a place, for a token or for room."""

    cycle: int
    actor: int
    iteration: int
    channel: str
    puts: bool
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """It goes on, or the run ends (`open`); what goes on at the same time has another `row`."""

    cycle: int
    begun: int
    actor: int
    row: int
    channel: str
    puts: bool
    span: Span
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterated:
    """An iteration of a pipelined loop, or all of a loop without channel operations, has lasted from `begun` on."""

    cycle: int
    begun: int
    actor: int
    row: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An actor has come to its end."""

    cycle: int
    actor: int


Event = Moved | Waited | Iterated | Waits | Ended


class Sink(Protocol):
    """What the events of a run are written to, in the order of their cycles."""

    def restart(self) -> None:
        """The run begins anew; what came before is void."""

    def write(self, event: Event) -> None: ...

    def close(self, now: int) -> None:
        """The run has ended at a cycle."""


@dataclass(slots=True)
class UnderWay:
    """An iteration that has begun."""

    begun: int
    row: int
    span: Span


@dataclass(slots=True)
class Timeline:
    """Puts events in order; it holds no more of them than engines are apart.

    `under_way` are the iterations that have begun, by actor and number; those of a rigid pipeline share one number.
    `told` are the waits that are written already and not over.
    """

    sink: Sink
    events: list[Event] = field(default_factory=list)
    under_way: dict[tuple[int, int], list[UnderWay]] = field(default_factory=dict)
    told: set[tuple[int, int, int, str]] = field(default_factory=set)

    def restart(self) -> None:
        self.sink.restart()
        self.events.clear()
        self.under_way.clear()
        self.told.clear()

    def moved(self, cycle: int, channel: int, *, puts: bool, value: object = None) -> None:
        self.events.append(Moved(cycle=cycle, channel=channel, puts=puts, value=value))

    def begun(self, cycle: int, actor: int, iteration: int, rows: int, span: Span) -> None:
        """An iteration begins, of which so many `rows` can be under way."""
        others = self.under_way.setdefault((actor, iteration), [])
        row = (others[-1].row + 1) % rows if others else iteration % rows
        others.append(UnderWay(begun=cycle, row=row, span=span))

    def iterated(self, cycle: int, actor: int, iteration: int) -> None:
        """The oldest iteration of a number ends, if there is one."""
        if others := self.under_way.get((actor, iteration)):
            self.cut(cycle, actor, others.pop(0))
            if not others:
                del self.under_way[actor, iteration]

    def cut(self, cycle: int, actor: int, known: UnderWay) -> None:
        if known.begun < cycle:
            self.events.append(Iterated(cycle=cycle, begun=known.begun, actor=actor, row=known.row, span=known.span))

    def waited(self, cycle: int, waits: Waits, *, open: bool = False) -> None:
        """A wait ends; one that took no time was none."""
        key = (waits.actor, waits.iteration, waits.cycle, waits.channel)
        if key in self.told:
            self.told.remove(key)
        elif waits.cycle < cycle or open:
            self.events.append(waits)
        if waits.cycle < cycle:
            self.events.append(
                Waited(
                    cycle=cycle,
                    begun=waits.cycle,
                    actor=waits.actor,
                    row=self.row(waits.actor, waits.iteration),
                    channel=waits.channel,
                    puts=waits.puts,
                    span=waits.span,
                    open=open,
                )
            )

    def row(self, actor: int, iteration: int) -> int:
        others = self.under_way.get((actor, iteration))
        return others[0].row if others else 0

    def ended(self, cycle: int, actor: int) -> None:
        self.events.append(Ended(cycle=cycle, actor=actor))

    def flush(self, before: int, waiting: Iterable[Waits]) -> None:
        """Writes all before a cycle; `waiting` is what waits there."""
        for waits in waiting:
            key = (waits.actor, waits.iteration, waits.cycle, waits.channel)
            if waits.cycle < before and key not in self.told:
                self.told.add(key)
                self.events.append(waits)
        due = sorted((event for event in self.events if event.cycle < before), key=_order)
        self.events = [event for event in self.events if event.cycle >= before]
        for event in due:
            self.sink.write(event)

    def close(self, now: int, waiting: Iterable[Waits], *, failed: bool) -> None:
        """Writes the rest; of a run that has failed nothing of its last cycle."""
        for waits in waiting:
            self.waited(now, waits, open=True)
        for (actor, _), others in sorted(self.under_way.items()):
            for known in others:
                self.cut(now, actor, known)
        if failed:
            self.events = [_cut_off(event, now) for event in self.events if _begin(event) < now]
        self.flush(now + 2, [])
        self.sink.close(now)


def _begin(event: Event) -> int:
    return event.begun if isinstance(event, Waited | Iterated) else event.cycle


def _cut_off(event: Event, now: int) -> Event:
    """An event as it is when the run ends at a cycle."""
    if event.cycle < now:
        return event
    return replace(event, cycle=now, open=True) if isinstance(event, Waited) else replace(event, cycle=now)


RANKS = {Moved: 0, Waited: 1, Iterated: 2, Waits: 3, Ended: 4}


def _order(event: Event) -> tuple[int, int, int, int, int]:
    """Events of one cycle in an order that depends on no engine."""
    rank = RANKS[type(event)]
    match event:
        case Moved():
            return event.cycle, rank, event.channel, int(event.puts), 0
        case Waited() | Iterated():
            return event.cycle, rank, event.actor, event.row, event.begun
        case Waits():
            return event.cycle, rank, event.actor, event.iteration, 0
    return event.cycle, rank, event.actor, 0, 0
