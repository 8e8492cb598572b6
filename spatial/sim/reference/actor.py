"""The state of an actor while it runs: what it waits for, what it has seen, how it spent its time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import simpy

from spatial.sim.reference.channel import Clock, Fifo
from spatial.sim.reference.stillness import Stillness, Turns
from spatial.sim.reference.writer import Site
from spatial.sim.timeline import Timeline, Waits

__all__ = ["ActorState", "Pending", "Wait"]

Pending = tuple[Fifo, object, Clock | None] | Fifo


@dataclass(frozen=True, slots=True)
class Wait:
    """An operation that cannot happen yet; `puts` tells a `put` from a `get`.

    A read needs `tokens` in the channel; one with a `choice` could go on with that of another channel
    too. `pending` are the operations of its stage that could happen; `iteration` is that of an elastic pipeline.
    """

    fifo: Fifo
    puts: bool
    site: int
    pending: Sequence[Pending]
    tokens: int = 1
    choice: bool = False
    iteration: int = 0

    def pending_fifos(self) -> list[Fifo]:
        """The channels of the operations that wait with it."""
        return [operation if isinstance(operation, Fifo) else operation[0] for operation in self.pending]


@dataclass(slots=True)
class ActorState:
    """One actor of a run: what it waits for, and how it spent its time.

    `clock` counts, for each actor by number, the puts whose effects this one has seen; it is kept only
    while accesses to shared memory are to be ordered. `ends` has when it did
    its part of each call. `free_running` is set where it enters its endless
    loop. `granted` holds for each group of channels selected from the number of the last one chosen.
    `still` is what all actors of the run share to find out that nothing moves, `turns` this one's part;
    it is `idle` since it asked in vain and moved no token. `printed` is told what it prints: the actor, the
    number of the iteration, the place, the text and what ends that. The run stops before the cycle `limit`.
    `names` are its variables where it failed. What it waits for has `begun` in these cycles; a `timeline` is told,
    with the places that the numbers of `sites` mean.
    """

    name: str
    number: int
    environment: simpy.Environment
    still: Stillness
    printed: Callable[["ActorState", int, int, str, str], None]
    clock: Clock | None = None
    limit: float = float("inf")
    body: object = None
    names: Mapping[str, object] = field(default_factory=dict)
    free_running: bool = False
    waits: list[Wait] = field(default_factory=list)
    granted: dict[tuple[str, ...], int] = field(default_factory=dict)
    turns: Turns = field(default_factory=Turns)
    idle: float | None = None
    ends: list[float] = field(default_factory=list)
    done: float | None = None
    since: float = 0
    busy: float = 0
    stalled_input: float = 0
    stalled_output: float = 0
    begun: list[float] = field(default_factory=list)
    sites: Sequence[Site] = ()
    timeline: Timeline | None = None

    def account(self) -> None:
        """Books the cycles since the last change of what it waits for."""
        elapsed = self.environment.now - self.since
        if any(wait.puts for wait in self.waits):
            self.stalled_output += elapsed
        elif self.waits:
            self.stalled_input += elapsed
        else:
            self.busy += elapsed
        self.since = self.environment.now

    def blocked(self, wait: Wait) -> None:
        self.account()
        self.waits.append(wait)
        self.begun.append(self.environment.now)

    def resumed(self, wait: Wait) -> None:
        self.account()
        position = next(position for position, known in enumerate(self.waits) if known is wait)
        if self.timeline is not None:
            self.timeline.waited(int(self.environment.now), self.waiting()[position])
        del self.waits[position], self.begun[position]

    def waiting(self) -> list[Waits]:
        """Its waits as a timeline has them."""
        return [
            Waits(
                cycle=int(begun),
                actor=self.number,
                iteration=wait.iteration,
                channel=wait.fifo.name,
                puts=wait.puts,
                span=self.sites[wait.site].span,
            )
            for wait, begun in zip(self.waits, self.begun, strict=True)
        ]

    def acquire(self, clock: Clock | None) -> None:
        """Sees what the writer of a token had seen."""
        if clock is None or self.clock is None:
            return
        for actor, count in clock.items():
            if self.clock.get(actor, -1) < count:
                self.clock[actor] = count

    def released(self) -> Clock | None:
        """The clock a token carries; what the actor does from here on comes after it."""
        if self.clock is None:
            return None
        carried = dict(self.clock)
        self.clock[self.number] += 1
        return carried
