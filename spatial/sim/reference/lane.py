"""How an actor moves through time: lanes collect the operations of a stage, pipelines run lanes together."""

import math
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

import simpy

from spatial.sim.faults import Fault, names_at
from spatial.sim.reference.actor import ActorState, Pending, Wait
from spatial.sim.reference.channel import Fifo
from spatial.sim.reference.polls import Polls

__all__ = ["Lane", "Steps", "owned"]

Steps = Generator[simpy.Event, None, None]
Body = Callable[..., Steps]
END_OF_STAGE = object()
PORTION = 1000  # iterations of a loop without channel operations that are done at once


class Lane(Polls):
    """A sequence of stages of one actor; the channel operations of a stage happen together.

    `number` is that of the iteration in an elastic pipeline.
    """

    def __init__(self, actor: ActorState, number: int = 0) -> None:
        super().__init__(actor)
        self.number = number
        self.pending: list[Pending] = []
        self.said: list[tuple[int, str, str]] = []

    def moment(self) -> tuple[float]:
        """The cycle, as a value that is no part of an actor's state."""
        return (self.environment.now,)

    def turn(self, place: int, names: Mapping[str, object]) -> None:
        """An iteration of a `while` that polls begins with these local variables."""
        actor = self.actor
        if actor.still.lasts:
            actor.still.turn(actor.number, actor.turns, place, names)

    def get(self, fifo: Fifo, site: int) -> Generator[simpy.Event, None, object]:
        """Waits for a token; it leaves the channel when the stage ends."""
        if not fifo.holds(self.environment.now):
            yield from self.token(fifo, 0, site)
        _, value, clock = fifo.tokens[0]
        self.actor.acquire(clock)
        self.pending.append(fifo)
        return value

    def peek(self, fifo: Fifo, position: int, site: int) -> Generator[simpy.Event, None, object]:
        """Waits for the token behind the `position` oldest ones; it stays in the channel."""
        if position < 0:
            raise Fault(site, f"`peek({position})`, but tokens count from 0,")
        yield from self.token(fifo, position, site)
        _, value, clock = fifo.tokens[position]
        self.actor.acquire(clock)
        return value

    def token(self, fifo: Fifo, position: int, site: int) -> Steps:
        """Waits until the token at a position can be seen."""
        tokens = fifo.tokens
        if len(tokens) > position and tokens[position][0] <= self.environment.now:
            return
        wait = Wait(fifo, puts=False, site=site, pending=self.pending, tokens=position + 1, iteration=self.number)
        self.actor.blocked(wait)
        while len(tokens) <= position:
            fifo.reader_waits = self.environment.event()
            yield fifo.reader_waits
        if (visible := tokens[position][0]) > self.environment.now:
            yield self.environment.timeout(visible - self.environment.now)
        self.actor.resumed(wait)

    def select(self, fifos: Sequence[Fifo], site: int) -> Generator[simpy.Event, None, tuple[int, object]]:
        """Waits for a token in any of the channels; the oldest leaves its channel when the stage ends."""
        if not any(fifo.holds(self.environment.now) for fifo in fifos):
            yield from self.any_token(fifos, site)
        now, group = self.environment.now, tuple(fifo.name for fifo in fifos)
        last = self.actor.granted.get(group, -1)
        turns = sorted(range(len(fifos)), key=lambda number: (number - last - 1) % len(fifos))
        chosen = min((n for n in turns if fifos[n].holds(now)), key=lambda number: fifos[number].age())
        self.actor.granted[group] = chosen
        _, value, clock = fifos[chosen].tokens[0]
        self.actor.acquire(clock)
        self.pending.append(fifos[chosen])
        return chosen, value

    def any_token(self, fifos: Sequence[Fifo], site: int) -> Steps:
        """Waits until one of the channels holds a token."""
        waits = [
            Wait(fifo, puts=False, site=site, pending=self.pending, choice=True, iteration=self.number)
            for fifo in fifos
        ]
        for wait in waits:
            self.actor.blocked(wait)
        while not any(fifo.holds(self.environment.now) for fifo in fifos):
            events: list[simpy.Event] = []
            for fifo in fifos:
                if not fifo.tokens:
                    fifo.reader_waits = self.environment.event()
                    events.append(fifo.reader_waits)
            if coming := [fifo.tokens[0][0] for fifo in fifos if fifo.tokens]:
                events.append(self.environment.timeout(min(coming) - self.environment.now))
            yield self.environment.any_of(events)
        for wait in waits:
            self.actor.resumed(wait)

    def put(self, fifo: Fifo, value: object, site: int) -> Steps:
        """Waits for a free slot; the token enters the channel when the stage ends."""
        if not fifo.has_room(self.environment.now):
            wait = Wait(fifo, puts=True, site=site, pending=self.pending, iteration=self.number)
            self.actor.blocked(wait)
            while (free := fifo.next_slot()) is None:
                fifo.writer_waits = self.environment.event()
                yield fifo.writer_waits
            if free > self.environment.now:
                yield self.environment.timeout(free - self.environment.now)
            self.actor.resumed(wait)
        self.pending.append((fifo, value, self.actor.released()))

    def say(self, text: str, end: str, site: int) -> None:
        """Prints a text when the stage ends."""
        self.said.append((site, text, end))

    def speak(self) -> None:
        """Prints what was said."""
        for said in self.said:
            self.actor.printed(self.actor, self.number, *said)
        self.said.clear()

    def commit(self) -> None:
        """Everything the stage waited for happens now."""
        self.acted = False
        if self.said:
            self.speak()
        if not self.pending:
            return
        now = self.environment.now
        for operation in self.pending:
            if isinstance(operation, Fifo):
                operation.get(now)
            else:
                fifo, value, clock = operation
                fifo.put(now, value, clock)
        self.pending.clear()
        self.moved()

    def begin(self, site: int, rows: int) -> None:
        """An iteration begins, as a timeline is told; so many can be under way."""
        actor = self.actor
        if actor.timeline is not None:
            actor.timeline.begun(int(self.environment.now), actor.number, self.number, rows, actor.sites[site].span)

    def end(self, cycles: int) -> None:
        """The iteration ends in so many cycles."""
        if self.actor.timeline is not None:
            self.actor.timeline.iterated(int(self.environment.now) + cycles, self.actor.number, self.number)

    def under_way(self) -> bool:
        """Whether the stage has done anything that takes a cycle."""
        return self.acted or bool(self.pending)

    def step(self) -> simpy.Event:
        """Ends the stage; the event is the next cycle."""
        self.commit()
        return self.environment.timeout(1)

    def idle(self, cycles: int) -> simpy.Event:
        """The event `cycles` later."""
        return self.environment.timeout(cycles)

    def portion(self, ii: int) -> int:
        """How many iterations without channel operations to do at once: none that begins when the run has stopped."""
        left = self.actor.limit - self.environment.now
        return PORTION if left > PORTION * ii else max(1, math.ceil(left / ii))

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
        lane.pending, lane.said = self.pending, self.said
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
                self.end(0)
            if ended and not flight:
                return
            for _, iteration in flight:
                yield from advance(iteration)
            yield self.step()
            cycle += 1


class ElasticLane(Lane):
    """One iteration of an elastic pipeline; `ahead` is the iteration in front of it."""

    def __init__(self, actor: ActorState, ahead: "ElasticLane | None", ii: int, latency: int) -> None:
        super().__init__(actor, 0 if ahead is None else ahead.number + 1)
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
    """The body of a process; a fault in it learns whose it is, and what its stage printed before it is shown."""
    try:
        yield from body
    except Fault as fault:
        names = fault.names or names_at(fault.__traceback__)
        lane = names.get("lane")
        if isinstance(lane, Lane):
            lane.speak()
        raise Fault(fault.site, fault.what, actor, names) from None
