"""Tells a timeline what the actors of a native run have noted."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from spatial.ir.graph import Actor
from spatial.lower.llvm.code import Lanes, Stop
from spatial.lower.llvm.layout import DONE, ActorField, ActorHalf, LaneField, Note
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.image import Image
from spatial.sim.native.words import payload_words, unpacked_token
from spatial.sim.timeline import Timeline, Waits

__all__ = ["NativeTimeline"]

NUMBER = (1 << 32) - 1
EVENTS = 1 << 18  # of channels and actors together, of which each can have a few in a cycle


class NativeTimeline:
    """Reads the log into a timeline, in windows of `width` cycles, so that no more events than lie in one are held.

    Within a window actors may be apart, behind it none has done anything.
    """

    def __init__(self, program: NativeProgram, image: Image, timeline: Timeline) -> None:
        self.program = program
        self.graph = program.network.graph
        self.image = image
        self.timeline = timeline
        self.width = max(1, EVENTS // max(1, len(self.graph.actors) + len(self.graph.channels)))
        self.parts: dict[int, list[int]] = {}
        timeline.restart()

    def add(self, rows: Sequence[Sequence[int]]) -> None:
        for what, *words in rows:
            if told := TOLD.get(what >> 32):
                told(self, what & NUMBER, words)

    def put(self, channel: int, words: Sequence[int]) -> None:
        """A word of a token; the last one completes it."""
        parts, element = self.parts.setdefault(channel, []), self.graph.channels[channel].element
        parts.append(words[0])
        if len(parts) == max(1, payload_words(element)):
            value = unpacked_token(np.array(self.parts.pop(channel), np.int64), element)
            self.timeline.moved(words[1], channel, puts=True, value=value)

    def got(self, channel: int, words: Sequence[int]) -> None:
        self.timeline.moved(words[0], channel, puts=False)

    def begun(self, actor: int, words: Sequence[int]) -> None:
        place, iteration, cycle = words
        code = self.program.codes[self.graph.actors[actor].function]
        self.timeline.begun(cycle, actor, iteration, code.rows[place], code.places[place].span)

    def iterated(self, actor: int, words: Sequence[int]) -> None:
        self.timeline.iterated(words[1], actor, words[0])

    def waited(self, actor: int, words: Sequence[int]) -> None:
        what, begin, end = words
        stop = self.program.codes[self.graph.actors[actor].function].queues[what & NUMBER]
        self.timeline.waited(end, self.waits(actor, what >> 32, stop, begin))

    def ended(self, actor: int, words: Sequence[int]) -> None:
        self.timeline.ended(words[0], actor)

    def waits(self, number: int, iteration: int, stop: Stop, since: int) -> Waits:
        actor = self.graph.actors[number]
        return Waits(
            cycle=since,
            actor=number,
            iteration=iteration,
            channel=actor.channels[stop.parameters[0] - len(actor.values)],
            puts=stop.puts,
            span=self.program.codes[actor.function].places[stop.place].span,
        )

    def flush(self, before: int) -> int:
        """Writes what lies before a cycle, which all actors have come to; where the next window ends."""
        self.timeline.flush(before, self.waiting())
        return before + self.width

    def close(self, now: int, *, failed: bool) -> None:
        self.timeline.close(now, self.waiting(), failed=failed)

    def waiting(self) -> Iterator[Waits]:
        """What all actors wait for."""
        for number, actor in enumerate(self.graph.actors):
            state = self.image.actor(actor.name, ActorHalf.STATE)
            code = self.program.codes[actor.function]
            lanes, stop = code.lanes.get(state), code.stops.get(state)
            if state != DONE and stop is not None:
                yield self.waits(number, 0, stop, self.image.actor(actor.name, ActorField.CLOCK))
            elif state != DONE and lanes is not None and lanes.elastic:
                yield from self.waiting_lanes(number, actor, lanes)

    def waiting_lanes(self, number: int, actor: Actor, lanes: Lanes) -> Iterator[Waits]:
        oldest, behind = (self.image.word(actor.name, place) for place in (lanes.oldest, lanes.next))
        for iteration in range(oldest, behind):
            base = lanes.base + iteration % lanes.count * lanes.size
            state, clock = (self.image.word(actor.name, base + 8 * f) for f in (LaneField.STATE, LaneField.CLOCK))
            if (stop := lanes.waits.get(state)) is not None:
                yield self.waits(number, iteration, stop, clock)


TOLD: Mapping[int, Callable[[NativeTimeline, int, Sequence[int]], None]] = {
    Note.PUT: NativeTimeline.put,
    Note.GET: NativeTimeline.got,
    Note.BEGUN: NativeTimeline.begun,
    Note.ITERATED: NativeTimeline.iterated,
    Note.WAITED: NativeTimeline.waited,
    Note.ENDED: NativeTimeline.ended,
}
