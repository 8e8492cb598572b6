"""Notices an actor that goes round in a circle by itself, for ever."""

import hashlib
import itertools

import numpy as np

from spatial.lower.llvm.code import Code
from spatial.lower.llvm.layout import ActorHalf, ChannelField, PollField, RunField
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.image import Image

__all__ = ["AGAIN", "Rounds"]

AGAIN = "this loop never ends, as everything in it comes back to what it was before and it uses no channel,"
STEPS = 1 << 12  # single rounds that are looked at, each time the actor has taken twice as long as before


class Rounds:
    """Watches a run in which a single actor can go on, and moves no token, between its portions of work.

    What an actor does next depends on where it stands, its live variables and the arrays; when these are what they
    were before, it goes on for ever. They are compared with those at the last power of two (Brent).
    """

    def __init__(self, program: NativeProgram, image: Image) -> None:
        self.program = program
        self.image = image
        self.moved = self.tokens()
        self.alone: int | None = None
        self.clear()

    def clear(self) -> None:
        self.seen, self.count, self.power = b"", 0, 1

    def found(self) -> int | None:
        """The number of an actor that surely goes on for ever; asked when the budget is spent."""
        tokens, alone = self.tokens(), self.single()
        if alone is None or alone != self.alone or tokens != self.moved:
            self.moved, self.alone = tokens, alone
            self.clear()
            return None
        if self.comes_back(alone):
            return alone
        if self.count == self.power // 2 and self.circles(alone):
            return alone
        return None

    def comes_back(self, actor: int) -> bool:
        """Whether the actor is where it was; if not, that is remembered at each power of two."""
        now = self.state(actor)
        if now == self.seen:
            return True
        self.count += 1
        if self.count >= self.power:
            self.seen, self.power = now, 2 * self.power
        return False

    def circles(self, actor: int) -> bool:
        """Lets the actor do single rounds; whether it comes back soon."""
        run, machine = self.image.run, self.program.machine
        outer = self.seen, self.count, self.power
        self.clear()
        for _ in itertools.repeat(None, STEPS):
            run[RunField.BUDGET] = 1
            machine.run(run.ctypes.data)
            if self.single() != actor:
                break
            if self.comes_back(actor):
                return True
        self.seen, self.count, self.power = outer
        return False

    def tokens(self) -> int:
        """How many tokens have moved."""
        return sum(map(sum, self.image.channels([ChannelField.PUTS, ChannelField.GETS])))

    def single(self) -> int | None:
        """The only actor in the queue, if it goes round in a loop."""
        image = self.image
        polling = image.polling
        if (number := image.single()) is None or (polling and polling.field(PollField.COUNT)):
            return None
        state = image.actor(self.program.network.graph.actors[number].name, ActorHalf.STATE)
        return number if state in self.code(number).rounds else None

    def code(self, actor: int) -> Code:
        return self.program.codes[self.program.network.graph.actors[actor].function]

    def state(self, actor: int) -> bytes:
        """A digest of all that decides what the actor does next."""
        graph, image = self.program.network.graph, self.image
        name = graph.actors[actor].name
        frame = image.places.words.view(np.int8)[8 * image.places.actors[name] :]
        state = image.actor(name, ActorHalf.STATE)
        digest = hashlib.blake2b(state.to_bytes(8, "little"), digest_size=16)
        for begin, size in self.code(actor).rounds[state].kept:
            digest.update(frame[begin : begin + size].tobytes())
        for array in graph.actors[actor].arrays:
            digest.update(image.arrays[array].tobytes())
        return digest.digest()
