"""The native engine: runs machine code until nobody can go on."""

import dataclasses
import functools
import math
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from spatial.ir.graph import Actor, element_name
from spatial.lower.llvm.layout import (
    BUDGET_SPENT,
    DONE,
    ENDED,
    LOG_FIELDS,
    LOOK,
    NEVER,
    NEXT_CALL,
    ActorField,
    ActorHalf,
    ChannelField,
    PollField,
    RunField,
)
from spatial.sim.native.again import Calls
from spatial.sim.native.clocks import Clocks
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.host_calls import HostCalls
from spatial.sim.native.image import Image, array_of, image_of
from spatial.sim.native.notes import Notes
from spatial.sim.native.readout import Readout
from spatial.sim.native.rounds import AGAIN, Rounds
from spatial.sim.native.stalls import Stalls
from spatial.sim.native.timeline import NativeTimeline
from spatial.sim.native.words import unpacked_token, values_in
from spatial.sim.prints import Prints
from spatial.sim.reference.calls import ends_of
from spatial.sim.reference.channel import BEFORE
from spatial.sim.reference.engine import Ending, Failure, Outcome, Watch, end_of_polls, last_act
from spatial.sim.reference.waits import end_calls, is_quiet
from spatial.sim.reference.writer import Site
from spatial.sim.timeline import Timeline
from spatial.types.tensor import element_of, shape_of

__all__ = ["Unordered", "execute_native"]

BUDGET = 1 << 23  # stages that are run before Python looks for Ctrl-C; integers wrap after a multiple


class Unordered(Exception):
    """Actors touch elements of an array that others touch; the program must be compiled to watch what orders them.

    So many texts have been `told`.
    """

    def __init__(self, array: str, told: int) -> None:
        super().__init__(array, told)
        self.array = array
        self.told = told


def execute_native(
    program: NativeProgram,
    depths: Mapping[str, int],
    memory: Mapping[str, Sequence[object]],
    *,
    record: frozenset[str] = frozenset(),
    until: int | None = None,
    seconds: float | None = None,
    watch: Watch | None = None,
    echo: bool = False,
    told: int = 0,
    calls: int = 1,
    timeline: Timeline | None = None,
) -> Outcome:
    """Runs a program as `engine.execute` does, with the same outcome; with a `record` it is a `logging` one.

    An actor that goes round in a circle for ever, by itself, has failed. After a fault the outcome is that of all
    cycles before it. Raises `Unordered` where actors touch the same element of an array, one of them writing, for which
    the program does not watch whether tokens order that. With `echo` what actors print goes to the screen as well, but
    for the first `told` texts. A `timeline` is told all that happens; the program must be `traced`. Raises
    `ProgramError` or `ToolError` where a function in C++ cannot be called.
    """
    given = {**{each.name: each.values for each in program.network.graph.memories}, **memory}
    start = functools.partial(NativeRun, program, depths, given, record=record, calls=calls, timeline=timeline)
    run = start(limit=NEVER if until is None else until, prints=Prints(told if echo else None))
    ended = run.advance(watch, seconds)
    run.check_sharing()
    if run.field(RunField.FAULT_CYCLE) == NEVER:
        return run.outcome(ended, run.endless)
    while (cycle := run.field(RunField.FAULT_CYCLE)) != NEVER:
        failed, told = run, run.prints.kept()
        run = start(limit=cycle, prints=Prints(told if echo else None))
        if cycle:
            run.advance(watch)
    actor = failed.field(RunField.FAULT_ACTOR)
    run.prints.take(failed.prints, failed.field(RunField.FAULT_CYCLE), actor)
    outcome = run.outcome(Ending.FAILED, failed.failure())
    run.last_steps(actor)
    return dataclasses.replace(outcome, memory=run.memory())


class NativeRun:
    """One run under way; nothing happens from the cycle `limit` on.

    Of the channels `kept` the cycles of at least so many last tokens can be looked at afterwards; the tokens of those
    of the `record` are noted, and for a `timeline` all that happens.
    """

    def __init__(
        self,
        program: NativeProgram,
        depths: Mapping[str, int],
        memory: Mapping[str, Sequence[object]],
        limit: int,
        *,
        kept: Mapping[str, int] = MappingProxyType({}),
        record: frozenset[str] = frozenset(),
        prints: Prints | None = None,
        calls: int = 1,
        timeline: Timeline | None = None,
    ) -> None:
        self.program = program
        self.graph = program.network.graph
        self.depths = depths
        self.limit = limit
        self.prints = prints or Prints(None)
        self.endless: Failure | None = None
        self.still = False
        self.image: Image = image_of(program, depths, memory, limit, kept)
        self.calls = Calls(program, self.image, calls)
        self.clocks = Clocks(program, self.image, self.calls)
        self.stalls = Stalls(len(self.graph.actors), self.clocks.floor)
        self.timeline = None if timeline is None else NativeTimeline(program, self.image, timeline)
        self.notes = Notes(program, self.prints, record, self.timeline)
        self.hosts = HostCalls(program, self.image, self.notes.failed)
        places = self.image.places
        for number, channel in enumerate(self.graph.channels, start=1):
            if channel.name in record or timeline is not None:
                places.set(places.channels[channel.name], ChannelField.NOTED, number)
        if self.timeline is not None:
            self.image.run[RunField.LIMIT] = min(limit, self.timeline.width)
        self.record = record

    def field(self, field: RunField) -> int:
        return int(self.image.run[field])

    def advance(self, watch: Watch | None = None, seconds: float | None = None) -> Ending | None:
        """Runs until nobody can go on; else why it stopped."""
        deadline = math.inf if seconds is None else time.monotonic() + seconds
        rounds = Rounds(self.program, self.image)
        try:
            ended = self.settle(watch, deadline, rounds)
            while ended is None and self.calls.next():
                late = time.monotonic() >= deadline
                ended = Ending.STOPPED if late else self.settle(watch, deadline, rounds)
            return ended
        except KeyboardInterrupt:
            return Ending.INTERRUPTED
        finally:
            self.read_log()
            self.image.check_rooms(self.depths)

    def goes_on(self) -> int:
        """Runs on; why it comes back."""
        why = self.run_on()
        if why == ENDED and self.timeline is not None and self.next_window(self.timeline):
            return BUDGET_SPENT
        return why

    def next_window(self, timeline: NativeTimeline) -> bool:
        """Lets all actors go on behind the window of a timeline that they have come to the end of, if there is more."""
        run, image, end = self.image.run, self.image, self.field(RunField.LIMIT)
        if not run[RunField.CUT] or end >= self.limit or run[RunField.FAULT_CYCLE] != NEVER:
            return False
        self.read_log()
        left = [a.name for a in self.graph.actors if image.actor(a.name, ActorHalf.STATE) != DONE]
        run[RunField.REST] = run[RunField.WOKEN] = run[RunField.CUT] = 0
        for name in left:
            image.wake(name)
        run[RunField.LIMIT] = min(self.limit, timeline.flush(end))
        return True

    def goes_round(self, actor: Actor) -> Failure:
        """An actor pauses in a loop that it never leaves."""
        state = self.image.actor(actor.name, ActorHalf.STATE)
        place = self.program.codes[actor.function].rounds[state].place
        return Failure(actor=actor.name, what=AGAIN, site=self.site(actor, place))

    def settle(self, watch: Watch | None, deadline: float, rounds: Rounds) -> Ending | None:
        """Runs until nobody can go on but for the next call; else why it stopped."""
        run = self.image.run
        run[RunField.BUDGET] = BUDGET
        while (why := self.goes_on()) != ENDED and run[RunField.SHARED_SITE] < 0:
            self.read_log()
            if why == NEXT_CALL:
                self.calls.next()
            if why == LOOK and self.stands_still():
                self.still = True
                break
            if time.monotonic() >= deadline:
                return Ending.STOPPED
            if (actor := rounds.found()) is not None:
                self.endless = self.goes_round(self.graph.actors[actor])
                return Ending.FAILED
            run[RunField.BUDGET] = BUDGET
            if watch is not None:
                watch(*self.progress())
        return None

    def run_on(self) -> int:
        """Runs on, and makes the calls of functions in C++ that actors wait for; why it stopped."""
        run = self.image.run
        while True:
            if run[RunField.HOST]:
                self.hosts.make()
            why = self.program.machine.run(run.ctypes.data)
            if not run[RunField.HOST]:
                return why

    def stands_still(self) -> bool:
        """Whether every actor has ended, waits, or is seen to go round in a circle, or all have polled long enough."""
        polling = self.image.polling
        assert polling is not None, "only where actors poll"
        if polling.exhausted():
            return True
        found = self.readout(polling.field(PollField.FRONTIER))
        return all(polling.spins(number) or found.rests(actor) for number, actor in enumerate(self.graph.actors))

    def read_log(self) -> None:
        """Takes over what has been noted so far, and shows what has been printed."""
        if entries := self.field(RunField.LOGGED):
            self.stalls.add(self.notes.add(self.image.log[: entries * LOG_FIELDS]))
            self.image.run[RunField.LOGGED] = 0
        if self.prints.waiting:
            self.prints.show(self.clocks.least())

    def progress(self) -> tuple[int, int]:
        """The latest cycle anyone has come to, and how many actors have ended."""
        clocks, states = self.image.actors([ActorField.CLOCK, ActorHalf.STATE])
        return max(clocks, default=0), states.count(DONE)

    def check_sharing(self) -> None:
        """Refuses a run in which actors touch each other's elements, if it is not watched whether tokens order that."""
        if (site := self.field(RunField.SHARED_SITE)) >= 0:
            actor = self.graph.actors[self.field(RunField.SHARED_ACTOR)]
            raise Unordered(self.array_at(actor, site), self.prints.kept())

    def failure(self) -> Failure:
        actor = self.graph.actors[self.field(RunField.FAULT_ACTOR)]
        number = self.field(RunField.FAULT_SITE)
        if (other := self.field(RunField.RACE_ACTOR)) >= 0:
            return self.race(actor, number, self.graph.actors[other], self.field(RunField.RACE_SITE))
        told = self.notes.failed.get(self.field(RunField.FAULT_ACTOR))
        what = self.program.codes[actor.function].places[number].what.format(self.field(RunField.FAULT_VALUE))
        return Failure(actor=actor.name, what=what if told is None else told, site=self.site(actor, number))

    def race(self, second: Actor, second_place: int, first: Actor, first_place: int) -> Failure:
        """Two accesses to an element that nothing orders."""
        array = self.array_at(second, second_place)
        indices = np.unravel_index(self.field(RunField.RACE_PLACE), shape_of(self.graph.memory_types[array]))
        return Failure(
            actor=second.name,
            what=element_name(array, tuple(map(int, indices))),
            site=self.site(second, second_place),
            other_actor=first.name,
            other_site=self.site(first, first_place),
        )

    def site(self, actor: Actor, place: int) -> Site:
        """A place of an actor's function as the network numbers it."""
        return self.program.network.functions[actor.function].sites[self.program.first_place[actor.function] + place]

    def array_at(self, actor: Actor, place: int) -> str:
        """The array that is touched at a place of an actor's function."""
        parameter = self.program.codes[actor.function].places[place].parameter
        assert parameter is not None, "only places that touch arrays are watched"
        return array_of(actor, parameter)

    def readout(self, now: int) -> Readout:
        """What the run has come to in a cycle."""
        return Readout(self.program, self.depths, self.image, self.stalls, now)

    def end(self, cut: bool) -> int:
        """The cycle that the run ends in."""
        polling = self.image.polling
        if self.still and polling is not None:
            return polling.field(PollField.FRONTIER)
        return self.limit if cut else self.progress()[0]

    def outcome(self, ending: Ending | None = None, failure: Failure | None = None) -> Outcome:
        """What the run leaves, as the reference engine would; how it ended follows from that, unless it is given."""
        if ending is None and self.field(RunField.CUT) and not self.still:
            ending = Ending.STOPPED
        cut = ending in (Ending.STOPPED, Ending.FAILED) and self.limit != NEVER
        found = self.readout(self.end(cut))
        self.prints.show()
        self.keep_tokens(found)
        if ending is None and self.still:
            ending = end_of_polls(self.graph, found.actors.values())
        self.calls.tell(found.actors)
        if self.timeline is not None:
            self.timeline.close(int(found.now), failed=ending is Ending.FAILED)
        if ending is None:
            ending = Ending.FINISHED if is_quiet(self.graph, found.actors.values()) else Ending.DEADLOCK
        for state in end_calls(self.graph, found.actors.values()) if ending is Ending.FINISHED else ():
            state.stalled_input -= found.now - state.since
        return Outcome(
            ending=ending,
            now=found.now,
            acts={name: last_act(state) for name, state in found.actors.items()},
            actors=found.actors,
            fifos=found.fifos,
            memory=self.memory(),
            still=found.still,
            prints=self.prints.told,
            ends=ends_of(found.actors.values()),
            failure=failure,
        )

    def memory(self) -> dict[str, Sequence[object]]:
        """All arrays as they are now."""
        types, arrays = self.graph.memory_types, self.calls.last
        return {name: values_in(arrays[name], element_of(type_)) for name, type_ in types.items()}

    def last_steps(self, number: int) -> None:
        """Lets an actor that fails in the next cycle do what it does before in that cycle."""
        run, image = self.image.run, self.image
        if image.polling is None:
            run[RunField.REST] = run[RunField.WOKEN] = 0
            image.wake(self.graph.actors[number].name)
            run[RunField.LIMIT] = NEVER
            run[RunField.BUDGET] = BUDGET
            self.program.machine.run(run.ctypes.data)

    def keep_tokens(self, found: Readout) -> None:
        """Gives the channels that are recorded their history."""
        for number, channel in enumerate(self.graph.channels):
            if channel.name in self.record:
                values, puts, gets = self.notes.tokens(number)
                fifo = found.fifos[channel.name]
                known = (unpacked_token(value, channel.element) for value in values)
                initial = ((BEFORE, token) for token in channel.initial_tokens)
                fifo.history = [*initial, *zip(puts.tolist(), known, strict=True)]
                fifo.taken = gets.tolist()
