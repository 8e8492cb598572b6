"""How an actor moves through time: lanes collect the operations of a stage, pipelines run lanes together."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import simpy

from spatial.sim.channel import Fifo
from spatial.sim.faults import Fault

__all__ = ["ActorState", "Lane", "Steps", "Wait", "owned"]

Steps = Generator[simpy.Event, None, None]
Body = Callable[..., Steps]
Pending = tuple[Fifo, object, dict[int, int] | None] | Fifo
END_OF_STAGE = object()


@dataclass(frozen=True, slots=True)
class Wait:
    """An operation that cannot happen yet; `puts` tells a `put` from a `get`.

    `pending` are the operations of its stage that could.
    """

    fifo: Fifo
    puts: bool
    site: int
    pending: Sequence[Pending]

    def pending_fifos(self) -> list[Fifo]:
        """The channels of the operations that wait with it."""
        return [operation if isinstance(operation, Fifo) else operation[0] for operation in self.pending]


@dataclass(slots=True)
class ActorState:
    """One actor of a run: what it waits for, and how it spent its time.

    `clock` counts, for each actor by number, the puts whose effects this one has seen; it is kept only
    while accesses to shared memory are to be ordered. `free_running` is set where it enters its endless loop.
    """

    name: str
    number: int
    environment: simpy.Environment
    clock: dict[int, int] | None = None
    body: object = None
    free_running: bool = False
    waits: list[Wait] = field(default_factory=list)
    done: float | None = None
    since: float = 0
    busy: float = 0
    stalled_input: float = 0
    stalled_output: float = 0

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

    def resumed(self, wait: Wait) -> None:
        self.account()
        self.waits.remove(wait)


class Lane:
    """A sequence of stages of one actor; the channel operations of a stage happen together."""

    def __init__(self, actor: ActorState) -> None:
        self.actor = actor
        self.environment = actor.environment
        self.pending: list[Pending] = []

    def now(self) -> float:
        return self.environment.now

    def get(self, fifo: Fifo, site: int) -> Generator[simpy.Event, None, object]:
        """Waits for a token; it leaves the channel when the stage ends."""
        if not fifo.tokens or fifo.tokens[0][0] > self.environment.now:
            wait = Wait(fifo, puts=False, site=site, pending=self.pending)
            self.actor.blocked(wait)
            while not fifo.tokens:
                fifo.reader_waits = self.environment.event()
                yield fifo.reader_waits
            if (visible := fifo.tokens[0][0]) > self.environment.now:
                yield self.environment.timeout(visible - self.environment.now)
            self.actor.resumed(wait)
        _, value, clock = fifo.tokens[0]
        if clock is not None and self.actor.clock is not None:
            merge(self.actor.clock, clock)
        self.pending.append(fifo)
        return value

    def put(self, fifo: Fifo, value: object, site: int) -> Steps:
        """Waits for a free slot; the token enters the channel when the stage ends."""
        if (free := fifo.next_slot()) is None or free > self.environment.now:
            wait = Wait(fifo, puts=True, site=site, pending=self.pending)
            self.actor.blocked(wait)
            while (free := fifo.next_slot()) is None:
                fifo.writer_waits = self.environment.event()
                yield fifo.writer_waits
            if free > self.environment.now:
                yield self.environment.timeout(free - self.environment.now)
            self.actor.resumed(wait)
        self.pending.append((fifo, value, self.released()))

    def released(self) -> dict[int, int] | None:
        """The clock a token carries; what the actor does from here on comes after it."""
        clock = self.actor.clock
        if clock is None:
            return None
        carried = dict(clock)
        clock[self.actor.number] += 1
        return carried

    def commit(self) -> None:
        """Everything the stage waited for happens now."""
        now = self.environment.now
        for operation in self.pending:
            if isinstance(operation, Fifo):
                operation.get(now)
            else:
                fifo, value, clock = operation
                fifo.put(now, value, clock)
        self.pending.clear()

    def step(self) -> simpy.Event:
        """Ends the stage; the event is the next cycle."""
        self.commit()
        return self.environment.timeout(1)

    def idle(self, cycles: int) -> simpy.Event:
        """The event `cycles` later."""
        return self.environment.timeout(cycles)

    def elastic(self, space: Iterable[tuple[int, ...]], body: Body, ii: int, latency: int) -> Steps:
        """Runs overlapping iterations whose stages each advance when the `ii` stages in front are free."""
        ahead: ElasticLane | None = None
        for indices in space:
            if ahead is not None:
                yield from ahead.left(ii)
            lane = ElasticLane(self.actor, ahead, ii, latency)
            self.environment.process(owned(self.actor.name, body(lane, *indices)))
            ahead = lane
        if ahead is not None:
            yield from ahead.left(latency)

    def rigid(self, space: Iterator[tuple[int, ...]], body: Body, ii: int, latency: int) -> Steps:
        """Runs overlapping iterations in lock step: all stages of a cycle happen together or wait."""
        flight: deque[tuple[int, Iterator[object]]] = deque()
        lane = RigidLane(self.actor)
        lane.pending = self.pending
        cycle, begun, ended = 0, 0, False
        while True:
            if not ended and cycle == begun * ii:
                indices = next(space, None)
                ended = indices is None
                if indices is not None:
                    flight.append((cycle, iter(body(lane, *indices))))
                    begun += 1
            while flight and cycle - flight[0][0] >= latency:
                flight.popleft()
            if ended and not flight:
                return
            for _, iteration in flight:
                yield from advance(iteration)
            yield self.step()
            cycle += 1


class ElasticLane(Lane):
    """One iteration of an elastic pipeline; `ahead` is the iteration in front of it."""

    def __init__(self, actor: ActorState, ahead: "ElasticLane | None", ii: int, latency: int) -> None:
        super().__init__(actor)
        self.ahead = ahead
        self.ii = ii
        self.latency = latency
        self.stage = 0
        self.fired = [self.environment.event() for _ in range(latency)]
        self.times: list[float] = []

    def end_stage(self) -> Steps:
        """Ends a stage; the next begins a cycle later, when the iteration ahead has left room."""
        self.commit()
        self.fired[self.stage].succeed()
        self.times.append(self.environment.now)
        self.stage += 1
        if self.stage == self.latency:
            self.ahead = None
            return
        yield self.environment.timeout(1)
        if self.ahead is not None:
            yield from self.ahead.left(self.stage + self.ii)

    def left(self, stage: int) -> Steps:
        """Waits until this iteration has done `stage`; behind the last stage it does one more each cycle."""
        real = min(stage, self.latency - 1)
        if not self.fired[real].processed:
            yield self.fired[real]
        due = self.times[real] + stage - real
        if due > self.environment.now:
            yield self.environment.timeout(due - self.environment.now)


class RigidLane(Lane):
    """All iterations of a rigid pipeline; the pipeline ends the stages."""

    def end_stage(self) -> Iterator[object]:
        yield END_OF_STAGE


def advance(iteration: Iterator[object]) -> Steps:
    """Runs an iteration to the end of its stage."""
    for event in iteration:
        if event is END_OF_STAGE:
            return
        assert isinstance(event, simpy.Event)
        yield event


def owned(actor: str, body: Steps) -> Steps:
    """The body of a process; a fault in it learns whose it is."""
    try:
        yield from body
    except Fault as fault:
        raise Fault(fault.site, fault.what, actor) from None


def merge(clock: dict[int, int], seen: dict[int, int]) -> None:
    """Adds what another clock has seen."""
    for actor, count in seen.items():
        if clock.get(actor, -1) < count:
            clock[actor] = count
