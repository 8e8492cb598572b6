"""Reads off what a native run leaves: channels and actors as the reference engine would have them."""

import functools
from collections.abc import Mapping

import simpy

from spatial.ir.graph import Actor, ActorGraph, Channel
from spatial.lower.llvm.code import Armed, Lanes, Stop
from spatial.lower.llvm.layout import (
    DONE,
    NOWHERE,
    ActorField,
    ActorHalf,
    AskField,
    ChannelField,
    ChannelHalf,
    LaneField,
    PollField,
    SlotField,
)
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.image import Image
from spatial.sim.native.stalls import Stalls
from spatial.sim.native.words import unpacked_token
from spatial.sim.reference.actor import ActorState, Pending, Wait
from spatial.sim.reference.channel import Fifo
from spatial.sim.reference.stillness import Stillness

__all__ = ["Readout"]

FIELDS = (
    ChannelField.PUTS, ChannelField.GETS, ChannelField.LAST_PUT, ChannelField.LAST_GET,
    ChannelField.CYCLES_FULL, ChannelField.CYCLES_EMPTY, ChannelHalf.MOST,
)  # fmt: skip
HEADS = (ActorField.CLOCK, ActorField.STALLED_INPUT, ActorField.STALLED_OUTPUT, ActorHalf.STATE, ActorHalf.FREE_RUNNING)


class Readout:
    """The state of a run in the cycle `now`, after which nothing has happened."""

    def __init__(
        self, program: NativeProgram, depths: Mapping[str, int], image: Image, stalls: Stalls, now: int
    ) -> None:
        self.program = program
        self.graph: ActorGraph = program.network.graph
        self.depths = depths
        self.image = image
        self.stalls = stalls
        self.now = now
        self.environment = simpy.Environment(now)
        self.still = Stillness(self.environment)
        if image.polling is not None:
            self.still.since = image.polling.field(PollField.SINCE)
        self.timing = functools.cache(program.network.device.fifo)
        fifos = zip(self.graph.channels, *image.channels(FIELDS), strict=True)
        heads = zip(self.graph.actors, *image.actors(HEADS), strict=True)
        self.fifos = {channel.name: self.fifo(channel, *fields) for channel, *fields in fifos}
        self.actors = {actor.name: self.state(number, actor, *head) for number, (actor, *head) in enumerate(heads)}

    def fifo(
        self, channel: Channel, puts: int, gets: int, last_put: int, last_get: int, full: int, empty: int, most: int
    ) -> Fifo:
        """A channel with all that is counted of it, by its fields."""
        image, name, depth = self.image, channel.name, self.depths[channel.name]
        fifo = Fifo(name, depth, self.timing(depth, channel.element.bits, channel.storage))
        for token in range(gets, puts):
            value = unpacked_token(image.token(name, token), channel.element)
            fifo.tokens.append((image.slot(name, token, SlotField.VISIBLE), value, None))
        fifo.initial = len(channel.initial_tokens)
        fifo.puts, fifo.gets, fifo.held = puts - fifo.initial, gets, puts - gets
        before = fifo.held - (fifo.puts > 0 and last_put == self.now) + (gets > 0 and last_get == self.now)
        fifo.most = max(most, before)
        fifo.cycles_full, fifo.cycles_empty = full, empty
        if puts > gets:
            put = image.slot(name, gets, SlotField.VISIBLE) - fifo.timing.read_after_write
            fifo.cycles_empty += max(put - last_get, 0)
        if 0 <= (n := puts - image.channel(name, ChannelHalf.DEPTH)) < gets:
            get = image.slot(name, n, SlotField.FREE) - fifo.timing.write_after_read
            fifo.cycles_full += max(get - last_put, 0)
        fifo.since = last_put if fifo.held else last_get
        fifo.count(self.now)
        return fifo

    def state(
        self, number: int, actor: Actor, clock: int, stalled_input: int, stalled_output: int, at: int, free_running: int
    ) -> ActorState:
        """An actor as it stands, all its cycles booked, by its fields."""
        state = ActorState(actor.name, number, self.environment, self.still, lambda *_: None)
        state.since = clock
        state.free_running = bool(free_running)
        state.stalled_input, state.stalled_output = stalled_input, stalled_output
        if at == DONE:
            state.done = clock
        under_way = self.waits(actor) if state.done is None else []
        state.waits = [wait for _, wait in under_way]
        self.asked(number, actor, state)
        if under_way or self.program.codes[actor.function].lanes:
            unfinished = [(wait.puts, begun, self.now) for begun, wait in under_way]
            output, input_ = self.stalls.of(number, unfinished)
            state.stalled_input += input_
            state.stalled_output += output
        end = self.now if state.done is None else clock
        state.busy = end - state.stalled_input - state.stalled_output
        return state

    def rests(self, actor: Actor) -> bool:
        """Whether an actor has ended, or begun to wait."""
        if (done := self.actors[actor.name].done) is not None:
            return done <= self.now
        return any(begun <= self.now for begun, _ in self.waits(actor))

    def waits(self, actor: Actor) -> list[tuple[int, Wait]]:
        """What an actor waits for, each since when, in the order in which it began to."""
        code, image = self.program.codes[actor.function], self.image
        number = image.actor(actor.name, ActorHalf.STATE)
        lanes, stop = code.lanes.get(number), code.stops.get(number)
        if lanes is not None and stop is None:
            return sorted(self.lane_waits(actor, lanes), key=lambda found: found[0])
        if stop is None:
            return []
        if lanes is None:
            pending = self.pending(actor, stop.armed, 0)
        else:
            pending = [each for base in self.flight(actor, lanes) for each in self.pending(actor, lanes.armed, base)]
        clock = image.actor(actor.name, ActorField.CLOCK)
        return [(clock, wait) for wait in self.wait(actor, stop, pending, 0)]

    def flight(self, actor: Actor, lanes: Lanes) -> list[int]:
        """Where the iterations in flight lie in the actor, the oldest first."""
        oldest, behind = (self.image.word(actor.name, place) for place in (lanes.oldest, lanes.next))
        return [lanes.base + number % lanes.count * lanes.size for number in range(oldest, behind)]

    def lane_waits(self, actor: Actor, lanes: Lanes) -> list[tuple[int, Wait]]:
        """What the iterations of an elastic pipeline wait for."""
        found = []
        for base in self.flight(actor, lanes):
            state, clock = (self.image.word(actor.name, base + 8 * f) for f in (LaneField.STATE, LaneField.CLOCK))
            if (stop := lanes.waits.get(state)) is not None:
                pending = self.pending(actor, lanes.armed, base)
                found += [(clock, wait) for wait in self.wait(actor, stop, pending, base)]
        return found

    def pending(self, actor: Actor, armed: tuple[Armed, ...], base: int) -> list[Pending]:
        """The operations that could happen, their flags counted from `base`."""
        found: list[Pending] = []
        for each in armed:
            if each.flag is None or self.image.flag(actor.name, base + each.flag):
                chosen = self.image.word(actor.name, base + each.chosen) if len(each.parameters) > 1 else 0
                fifo = self.bound(actor, each.parameters[chosen])
                found.append((fifo, None, None) if each.puts else fifo)
        return found

    def wait(self, actor: Actor, stop: Stop, pending: list[Pending], base: int) -> list[Wait]:
        """What is waited for: a channel, or one of several."""
        site = self.program.first_place[actor.function] + stop.place
        behind = 0 if stop.position is None else self.image.word(actor.name, base + stop.position)
        tokens = stop.tokens + behind
        fifos = [self.bound(actor, parameter) for parameter in stop.parameters]
        return [Wait(fifo, stop.puts, site, pending, tokens, stop.choice) for fifo in fifos]

    def asked(self, number: int, actor: Actor, state: ActorState) -> None:
        """What is known of an actor's polls since a token moved."""
        polling, polls = self.image.polling, self.program.codes[actor.function].polls
        if polling is None or not polls:
            return
        idle = polling.of(number, AskField.IDLE)
        state.idle = None if idle == NOWHERE else idle
        if state.done is None and not state.waits:
            state.since = polling.of(number, AskField.RESUMED)
        for place in polling.asked(number, polls):
            self.still.polled[number, self.program.first_place[actor.function] + place] = self.bound(
                actor, polls[place]
            )

    def bound(self, actor: Actor, parameter: int) -> Fifo:
        """The channel that a parameter stands for."""
        return self.fifos[actor.channels[parameter - len(actor.values)]]
