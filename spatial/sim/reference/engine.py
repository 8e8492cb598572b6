"""The reference engine: runs a network on SimPy, cycle by cycle."""

import functools
import itertools
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import simpy

from spatial.ir.graph import Actor, ActorGraph, element_name
from spatial.sim.faults import Fault
from spatial.sim.messages import Printed
from spatial.sim.prints import Prints
from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.calls import CallMemory, ends_of, stateful
from spatial.sim.reference.channel import Fifo
from spatial.sim.reference.lane import Lane, Steps, owned
from spatial.sim.reference.memory import Race, Untracked
from spatial.sim.reference.network import Network
from spatial.sim.reference.stillness import LIMIT, Stillness
from spatial.sim.reference.waits import circles, end_calls, is_quiet, wait_graph, waits_in
from spatial.sim.reference.writer import Site
from spatial.sim.timeline import Timeline, Waits
from spatial.types.tensor import shape_of

__all__ = ["UNBOUNDED", "Ending", "Failure", "Outcome", "Watch", "end_of_polls", "execute", "last_act", "settling_of"]

UNBOUNDED = 0
LOOK_EVERY = 5000
SETTLING = 8  # cycles, more than any channel needs to show a token or a free slot
Watch = Callable[[float, int], None]


class Ending(Enum):
    """How a run ended."""

    FINISHED = "finished"
    DEADLOCK = "deadlock"
    LIVELOCK = "livelock"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong inside an actor."""

    actor: str
    what: str
    site: Site
    other_actor: str = ""
    other_site: Site | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything a run leaves behind; `memory` holds each array's values in C order.

    `now` is where the run stopped, `acts` where each actor last did something; `still` tells of the polls
    since a token last moved; `ends` has when each call ended that did.
    """

    ending: Ending
    now: float
    acts: Mapping[str, float]
    actors: Mapping[str, ActorState]
    fifos: Mapping[str, Fifo]
    memory: Mapping[str, Sequence[object]]
    still: Stillness
    ends: Sequence[int] = ()
    prints: Sequence[Printed] = ()
    failure: Failure | None = None

    @property
    def last(self) -> float:
        """Where an actor last did something."""
        return max(self.acts.values(), default=0)


def execute(
    network: Network,
    depths: Mapping[str, int],
    memory: Mapping[str, Sequence[object]],
    *,
    record: frozenset[str] = frozenset(),
    until: int | None = None,
    seconds: float | None = None,
    watch: Watch | None = None,
    echo: bool = False,
    ordered: bool = False,
    told: int = 0,
    calls: int = 1,
    timeline: Timeline | None = None,
) -> Outcome:
    """Runs the network on copies of the arrays; `depths` has every channel, `UNBOUNDED` for no bound.

    `memory` holds every array's values; the module's own memories begin as declared where it has none.

    The run stops before the cycle `until`, or soon after `seconds` of work; `watch` is
    told the cycle and how many actors are done now and then. Whether accesses to shared
    memory race is decided by clocks on the tokens; they are kept from the start once a run has met an
    element that two actors touch (`ordered`). With `echo` what actors print goes to the screen as it
    happens, but for the first `told` texts. Of several `calls` an actor begins the next when it has done its part of
    one; each call has its own memory, which begins alike, but for what is stateful. A `timeline` is told all that
    happens; the network must be compiled for one.

    Raises `ProgramError` or `ToolError` where a function in C++ cannot be called.
    """
    for function in network.functions.values():
        for host in function.hosts:
            host.load()
    silent = told if echo else None
    run = Run(network, depths, memory, record, ordered=ordered, silent=silent, calls=calls, timeline=timeline)
    try:
        return run.execute(until, seconds, watch)
    except Untracked:
        again = functools.partial(execute, network, depths, memory, record=record, until=until, seconds=seconds)
        return again(watch=watch, echo=echo, ordered=True, told=run.prints.kept(), calls=calls, timeline=timeline)


class Run:
    """One run under way."""

    def __init__(
        self,
        network: Network,
        depths: Mapping[str, int],
        memory: Mapping[str, Sequence[object]],
        record: frozenset[str],
        *,
        ordered: bool,
        silent: int | None = None,
        calls: int = 1,
        timeline: Timeline | None = None,
    ) -> None:
        self.network = network
        self.timeline = timeline
        self.environment = simpy.Environment()
        self.prints = Prints(silent)
        self.fifos = {name: self.fifo(name, depths[name], record) for name in network.graph.channel}
        given = {**{own.name: own.values for own in network.graph.memories}, **memory}
        self.memory = CallMemory(given, stateful(network.graph), network.shared)
        self.calls = calls
        self.still = Stillness(self.environment, settling=settling_of(network))
        self.actors: dict[str, ActorState] = {}
        for number, actor in enumerate(network.graph.actors):
            clock = {number: 0} if ordered else None
            state = ActorState(actor.name, number, self.environment, self.still, self.printed, clock)
            self.actors[actor.name] = state
            self.environment.process(owned(actor.name, self.life(actor, state)))
        if timeline is not None:
            timeline.restart()
            self.trace(timeline)

    def trace(self, timeline: Timeline) -> None:
        """Tells a timeline all that happens."""
        for name, state in self.actors.items():
            state.timeline, state.sites = timeline, self.sites(name)
        for number, channel in enumerate(self.network.graph.channels):
            self.fifos[channel.name].seen = functools.partial(_moved, timeline, number)

    def waiting(self) -> list[Waits]:
        """What all actors wait for."""
        return [waits for state in self.actors.values() for waits in state.waiting()]

    def fifo(self, name: str, depth: int, record: frozenset[str]) -> Fifo:
        channel = self.network.graph.channel[name]
        timing = self.network.device.fifo(depth or 1 << 40, channel.element.bits, channel.storage)
        fifo = Fifo(name, depth or None, timing)
        if name in record:
            fifo.history, fifo.taken = [], []
        fifo.start_with(channel.initial_tokens)
        return fifo

    def printed(self, actor: ActorState, iteration: int, site: int, text: str, end: str) -> None:
        """Keeps what an actor prints, and shows it when the cycle is over."""
        said = Printed(cycle=int(self.environment.now), actor=actor.name, text=text, site=site)
        if self.prints.waiting and self.prints.waiting[0][0] < said.cycle:
            self.prints.show(said.cycle)
        self.prints.add(actor.number, iteration, said, end)

    def life(self, actor: Actor, state: ActorState) -> Steps:
        """An actor from its start to its end, call after call."""
        for call in range(self.calls):
            yield from self.part(actor, state, call)
            state.ends.append(self.environment.now)
        state.account()
        state.done = self.environment.now
        if self.timeline is not None:
            self.timeline.ended(int(self.environment.now), state.number)

    def part(self, actor: Actor, state: ActorState, call: int) -> Steps:
        """An actor's part of a call."""
        body = self.network.graph.specializations[actor.function]
        arguments: list[object] = [*actor.values, *(self.fifos[name] for name in actor.channels)]
        memory = self.memory.of(call)
        for position, name in enumerate(actor.arrays, start=len(arguments)):
            assert position in body.arrays
            arguments.append(memory[name])
        lane = Lane(state)
        state.body = self.network.functions[actor.function].process(lane, *arguments)
        yield from state.body
        if lane.under_way():
            yield lane.step()

    def execute(self, until: int | None, seconds: float | None, watch: Watch | None) -> Outcome:
        try:
            only_polls = self.advance(until, seconds, watch)
        except KeyboardInterrupt:
            return self.outcome(Ending.INTERRUPTED)
        except Fault as fault:
            site = self.sites(fault.actor)[fault.site]
            self.actors[fault.actor].names = fault.names
            self.prints.end_with(int(self.environment.now), self.actors[fault.actor].number)
            return self.outcome(Ending.FAILED, Failure(actor=fault.actor, what=fault.what, site=site))
        except Race as race:
            self.prints.end_with(int(self.environment.now), race.second.actor.number)
            return self.outcome(Ending.FAILED, self.race(race))
        if only_polls:
            return self.outcome(end_of_polls(self.network.graph, self.actors.values()))
        if self.environment.peek() < float("inf"):
            if until is not None and self.environment.peek() >= until > self.environment.now:
                self.environment.run(until)
            return self.outcome(Ending.STOPPED)
        return self.outcome(Ending.FINISHED if is_quiet(self.network.graph, self.actors.values()) else Ending.DEADLOCK)

    def stands_still(self) -> bool:
        """Whether every actor has ended, waits, or is seen to go round in a circle, or all have polled long enough."""
        self.still.due = False
        moving = (s for s in self.actors.values() if s.done is None and not s.waits)
        return self.still.polls >= LIMIT or all(state.number in self.still.spinning for state in moving)

    def advance(self, until: int | None, seconds: float | None, watch: Watch | None) -> bool:
        """Runs to the end or to a limit; looks at the clock and calls `watch` now and then.

        The result says that it stopped because actors do nothing but poll.
        """
        limit = float("inf") if until is None else until
        for state in self.actors.values():
            state.limit = limit
        deadline = float("inf") if seconds is None else time.monotonic() + seconds
        for events in itertools.count(1):
            if self.environment.peek() >= limit:
                return False
            self.environment.step()
            if self.still.due and self.environment.peek() > self.environment.now and self.stands_still():
                return True
            if events % LOOK_EVERY == 0:
                self.prints.show(int(self.environment.now))
                if self.timeline is not None:
                    self.timeline.flush(int(self.environment.now), self.waiting())
                if watch is not None:
                    watch(self.environment.now, sum(state.done is not None for state in self.actors.values()))
                if time.monotonic() > deadline:
                    return False
        raise AssertionError("events are counted without end")

    def sites(self, actor: str) -> tuple[Site, ...]:
        return self.network.functions[self.network.graph.actor[actor].function].sites

    def race(self, race: Race) -> Failure:
        """The two accesses that nothing orders."""
        shape = shape_of(self.network.graph.memory_types[race.array])
        indices = tuple(int(index) for index in np.unravel_index(race.position, shape))
        first, second = race.first.actor.name, race.second.actor.name
        return Failure(
            actor=second,
            what=element_name(race.array, indices),
            site=self.sites(second)[race.second.site],
            other_actor=first,
            other_site=self.sites(first)[race.first.site],
        )

    def outcome(self, ending: Ending, failure: Failure | None = None) -> Outcome:
        now = self.environment.now
        self.prints.show()
        if self.timeline is not None:
            self.timeline.close(int(now), self.waiting(), failed=ending is Ending.FAILED)
        acts = {name: last_act(state) for name, state in self.actors.items()}
        if ending is Ending.FINISHED:
            end_calls(self.network.graph, self.actors.values())
        for state in self.actors.values():
            if state.done is None:
                state.account()
        for fifo in self.fifos.values():
            fifo.count(now)
        return Outcome(
            ending=ending,
            now=now,
            acts=acts,
            actors=self.actors,
            fifos=self.fifos,
            memory=self.memory.last,
            ends=ends_of(self.actors.values()),
            still=self.still,
            prints=self.prints.told,
            failure=failure,
        )


def settling_of(network: Network) -> int:
    """Cycles without a token after which channels show what they hold, and pipelines that can only wait do wait."""
    loops = (timing.latency for timings in network.timings.values() for timing in timings.values())
    return 2 * max(loops, default=1) + SETTLING


def end_of_polls(graph: ActorGraph, actors: Collection[ActorState]) -> Ending:
    """How a run ends in which nobody does more than poll and wait."""
    waiting = [state for state in actors if state.done is None]
    if all(state.free_running for state in waiting):
        return Ending.FINISHED if is_quiet(graph, actors) else Ending.DEADLOCK
    waits = wait_graph(graph, waiting)
    done = {state.name for state in actors if state.done is not None}
    ended = any(partner in done for _, partner, _ in waits_in(waits))
    polling = any(not state.waits and not state.free_running for state in waiting)
    return Ending.DEADLOCK if not polling and (ended or list(circles(waits))) else Ending.LIVELOCK


def _moved(timeline: Timeline, channel: int, cycle: float, puts: bool, value: object) -> None:
    timeline.moved(int(cycle), channel, puts=puts, value=value)


def last_act(state: ActorState) -> float:
    """Until when an actor did something: to its end, to where it began to wait, or to ask in vain."""
    if state.done is not None:
        return state.done
    return state.since if state.waits or state.idle is None else state.idle
