"""The native engine: runs machine code until nobody can go on, and reads off what it leaves."""

from collections.abc import Mapping, Sequence

import simpy

from spatial.ir.graph import Actor, Channel
from spatial.lower.llvm.layout import BUDGET_SPENT, DONE, NEVER, ActorField, ChannelField, RunField, SlotField
from spatial.sim.actor import ActorState, Pending, Wait
from spatial.sim.channel import Fifo
from spatial.sim.engine import Ending, Failure, Outcome, Watch, last_act
from spatial.sim.errors import SharedElement
from spatial.sim.image import Image, from_word, image_of
from spatial.sim.native import NativeProgram
from spatial.sim.stillness import Stillness
from spatial.sim.waits import is_quiet
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["execute_native"]

BUDGET = 10_000_000  # stages that are run before Python looks for Ctrl-C


def execute_native(
    program: NativeProgram,
    depths: Mapping[str, int],
    memory: Mapping[str, Sequence[object]],
    *,
    record: frozenset[str] = frozenset(),
    until: int | None = None,
    watch: Watch | None = None,
) -> Outcome:
    """Runs a program as `engine.execute` does, with the same outcome.

    After a fault the outcome is that of all cycles before it.
    """
    if record:
        title = f"the native engine does not record tokens yet, as asked for `{min(record)}`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint='write `engine="simpy"`')])
    own = {each.name: each.values for each in program.network.graph.memories}
    run = NativeRun(program, depths, {**own, **memory}, NEVER if until is None else until)
    interrupted = run.advance(watch)
    run.check_sharing()
    cycle = run.field(RunField.FAULT_CYCLE)
    if cycle == NEVER:
        return run.outcome(run.ending(until, interrupted=interrupted))
    failure = run.failure()
    if cycle:
        run = NativeRun(program, depths, {**own, **memory}, cycle)
        run.advance(watch)
    return run.outcome(Ending.FAILED, failure)


class NativeRun:
    """One run under way; nothing happens from the cycle `limit` on."""

    def __init__(
        self, program: NativeProgram, depths: Mapping[str, int], memory: Mapping[str, Sequence[object]], limit: int
    ) -> None:
        self.program = program
        self.graph = program.network.graph
        self.depths = depths
        self.limit = limit
        self.image: Image = image_of(program, depths, memory, limit)

    def field(self, field: RunField) -> int:
        return int(self.image.run[field])

    def advance(self, watch: Watch | None) -> bool:
        """Runs until nobody can go on; whether Ctrl-C ended it sooner."""
        run = self.image.run
        try:
            run[RunField.BUDGET] = BUDGET
            while self.program.machine.run(run.ctypes.data) == BUDGET_SPENT and run[RunField.SHARED_SITE] < 0:
                run[RunField.BUDGET] = BUDGET
                if watch is not None:
                    watch(*self.progress())
        except KeyboardInterrupt:
            return True
        return False

    def progress(self) -> tuple[int, int]:
        """The latest cycle anyone has come to, and how many actors have ended."""
        names = [actor.name for actor in self.graph.actors]
        latest = max((self.image.actor(name, ActorField.CLOCK) for name in names), default=0)
        return latest, sum(self.image.actor(name, ActorField.STATE) == DONE for name in names)

    def check_sharing(self) -> None:
        """Refuses a run in which actors touch each other's elements: whether tokens order that is not watched."""
        if (site := self.field(RunField.SHARED_SITE)) >= 0:
            actor = self.graph.actors[self.field(RunField.SHARED_ACTOR)]
            place = self.program.codes[actor.function].places[site]
            raise ProgramError([SharedElement(actor=actor.name, span=place.span)])

    def failure(self) -> Failure:
        actor = self.graph.actors[self.field(RunField.FAULT_ACTOR)]
        number = self.field(RunField.FAULT_SITE)
        what = self.program.codes[actor.function].places[number].what.format(self.field(RunField.FAULT_VALUE))
        site = self.program.network.functions[actor.function].sites[self.program.first_place[actor.function] + number]
        return Failure(actor=actor.name, what=what, site=site)

    def ending(self, until: int | None, *, interrupted: bool) -> Ending:
        if interrupted:
            return Ending.INTERRUPTED
        if until is not None and any(self.could_go_on(actor) for actor in self.graph.actors):
            return Ending.STOPPED
        now = simpy.Environment(self.progress()[0])
        fifos = {channel.name: self.fifo(channel) for channel in self.graph.channels}
        states = [self.state(number, now, fifos) for number in range(len(self.graph.actors))]
        return Ending.FINISHED if is_quiet(self.graph, states) else Ending.DEADLOCK

    def could_go_on(self, actor: Actor) -> bool:
        """Whether an actor has stopped for no other reason than the end of the run."""
        state = self.image.actor(actor.name, ActorField.STATE)
        stop = self.program.codes[actor.function].stops.get(state)
        if state == DONE or stop is None:
            return state != DONE
        name = actor.channels[stop.parameter - len(actor.values)]
        held = self.image.channel(name, ChannelField.PUTS) - self.image.channel(name, ChannelField.GETS)
        return held < self.depths[name] if stop.puts else held > 0

    def outcome(self, ending: Ending, failure: Failure | None = None) -> Outcome:
        """What the run leaves, as the reference engine would."""
        cut = ending in (Ending.STOPPED, Ending.FAILED)
        now = self.limit if cut and self.limit != NEVER else self.progress()[0]
        environment = simpy.Environment(now)
        fifos = {channel.name: self.fifo(channel) for channel in self.graph.channels}
        states = {actor.name: self.state(number, environment, fifos) for number, actor in enumerate(self.graph.actors)}
        last = max(map(last_act, states.values()), default=0)
        for state in states.values():
            if state.done is None:
                state.account()
        for fifo in fifos.values():
            fifo.count(now)
        return Outcome(
            ending=ending,
            now=now,
            last=last,
            actors=states,
            fifos=fifos,
            memory={name: array.tolist() for name, array in self.image.arrays.items()},
            still=Stillness(environment),
            failure=failure,
        )

    def fifo(self, channel: Channel) -> Fifo:
        """A channel with all that is counted of it up to its last change."""
        image, name, depth = self.image, channel.name, self.depths[channel.name]
        puts, gets = (image.channel(name, field) for field in (ChannelField.PUTS, ChannelField.GETS))
        last_put = image.slot(name, puts - 1, SlotField.PUT) if puts else 0
        last_get = image.slot(name, gets - 1, SlotField.GET) if gets else 0
        fifo = Fifo(name, depth, self.program.network.device.fifo(depth, channel.element.bits))
        for token in range(gets, puts):
            value = from_word(image.slot(name, token, SlotField.VALUE), channel.element)
            fifo.tokens.append((image.slot(name, token, SlotField.VISIBLE), value, None))
        fifo.initial = len(channel.initial_tokens)
        fifo.puts, fifo.gets, fifo.held = puts - fifo.initial, gets, puts - gets
        fifo.most = max(image.channel(name, ChannelField.MOST), fifo.held)
        fifo.cycles_full = image.channel(name, ChannelField.CYCLES_FULL)
        fifo.cycles_empty = image.channel(name, ChannelField.CYCLES_EMPTY)
        fifo.since = last_put if fifo.held else last_get
        return fifo

    def state(self, number: int, environment: simpy.Environment, fifos: Mapping[str, Fifo]) -> ActorState:
        """An actor as it stands."""
        actor, image = self.graph.actors[number], self.image
        clock = image.actor(actor.name, ActorField.CLOCK)
        state = ActorState(actor.name, number, environment, Stillness(environment), lambda *_: None)
        state.free_running = bool(image.actor(actor.name, ActorField.FREE_RUNNING))
        state.stalled_input = image.actor(actor.name, ActorField.STALLED_INPUT)
        state.stalled_output = image.actor(actor.name, ActorField.STALLED_OUTPUT)
        state.busy = clock - state.stalled_input - state.stalled_output
        state.since = clock
        if image.actor(actor.name, ActorField.STATE) == DONE:
            state.done = clock
        else:
            state.waits = self.waits(actor, fifos)
        return state

    def waits(self, actor: Actor, fifos: Mapping[str, Fifo]) -> list[Wait]:
        """What an actor waits for, with the operations of its stage that could happen."""
        code = self.program.codes[actor.function]
        stop = code.stops.get(self.image.actor(actor.name, ActorField.STATE))
        if stop is None:
            return []

        def bound(parameter: int) -> Fifo:
            return fifos[actor.channels[parameter - len(actor.values)]]

        pending: list[Pending] = []
        for each in stop.armed:
            if each.flag is None or self.image.flag(actor.name, each.flag):
                fifo = bound(each.parameter)
                pending.append((fifo, None, None) if each.puts else fifo)
        site = self.program.first_place[actor.function] + stop.place
        return [Wait(bound(stop.parameter), stop.puts, site, pending)]
