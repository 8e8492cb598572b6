"""Overlapping calls on the native engine: an actor that has done its part of a call begins the next."""

from collections.abc import Mapping

import numpy as np

from spatial.analysis.sharing import array_uses
from spatial.ir.graph import Actor
from spatial.lower.llvm.layout import DONE, HEADER, ActorField, ActorHalf, RunField
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.image import Arguments, Image
from spatial.sim.native.places import Words
from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.calls import stateful

__all__ = ["Calls"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


class Calls:
    """The calls of a run: `ends` has for each actor when it did its part of each.

    `arrays` and `shadows` are the memory of each call that somebody still does a part of, by its number.
    An actor has a clock of its own, so it may begin a call long after others have done theirs: no cycle is lost.
    """

    def __init__(self, program: NativeProgram, image: Image, count: int) -> None:
        self.program = program
        self.graph = program.network.graph
        self.image = image
        self.count = count
        self.ends: dict[str, list[int]] = {actor.name: [] for actor in self.graph.actors}
        self.kept = stateful(self.graph)
        self.fresh: Mapping[str, Array] = self.written() if count > 1 else {}
        self.arrays: dict[int, Mapping[str, Array]] = {0: image.arrays}
        self.shadows: dict[int, Mapping[str, Words]] = {0: image.shadows}
        image.run[RunField.CALLS] = count

    def written(self) -> dict[str, Array]:
        """The arrays that each call has of its own, as they begin."""
        uses = array_uses(self.graph)
        own = [name for name in self.image.arrays if uses[name].writers and name not in self.kept]
        return {name: self.image.arrays[name].copy() for name in own}

    def next(self) -> bool:
        """Lets all actors begin their next call that have done their part of one; whether there is one."""
        if self.count == 1:
            return False
        begun = False
        for actor in self.graph.actors:
            ends = self.ends[actor.name]
            if self.image.actor(actor.name, ActorHalf.STATE) != DONE or len(ends) == self.count:
                continue
            end = self.image.actor(actor.name, ActorField.CLOCK)
            ends.append(end)
            if len(ends) == self.count:
                continue
            if end >= self.image.run[RunField.UNTIL]:
                self.image.run[RunField.CUT] = 1
                continue
            self.begin(actor, len(ends))
            begun = True
        self.forget()
        return begun

    @property
    def last(self) -> Mapping[str, Array]:
        """The arrays of the latest call that has begun."""
        return self.arrays[max(self.arrays)]

    def forget(self) -> None:
        """Lets go of the memory of the calls that everybody has done, but for the first, which the image has too."""
        actor = self.image.actor
        parts = [len(ends) for name, ends in self.ends.items() if not actor(name, ActorHalf.FREE_RUNNING)]
        behind = min(min(parts, default=0), max(self.arrays))
        for call in [call for call in self.arrays if 0 < call < behind]:
            del self.arrays[call], self.shadows[call]

    def tell(self, actors: Mapping[str, ActorState]) -> None:
        """Says of each actor when it ended each call."""
        for name, state in actors.items():
            state.ends = list(self.ends[name])
            if self.count == 1 and state.done is not None:
                state.ends = [state.done]

    def left(self, actor: str) -> bool:
        """Whether an actor that has done its part of a call has another call before it."""
        return len(self.ends[actor]) + 1 < self.count

    def begin(self, actor: Actor, call: int) -> None:
        """Lets an actor start anew, with the memory of a call, on its own clock."""
        image, at = self.image, self.image.places.actors[actor.name]
        if call > max(self.arrays):
            self.add_memory(call)
        given = Arguments(image, self.program, self.arrays[call], self.shadows[call]).of([actor])[0]
        size = -(-self.program.codes[actor.function].bytes // 8)
        image.places.words[at + HEADER : at + size] = 0
        image.places.words[at + HEADER : at + HEADER + len(given)] = given
        image.places.set(at, ActorHalf.STATE, 0)
        image.wake(actor.name)

    def add_memory(self, call: int) -> None:
        """The memory of the next call: it begins as that of the first, but for what is stateful or never written."""
        arrays, shadows = self.arrays[call - 1], self.shadows[call - 1]
        self.arrays[call] = {
            name: self.fresh[name].copy() if name in self.fresh else array for name, array in arrays.items()
        }
        self.shadows[call] = {
            name: shadows[name] if name in self.kept else np.zeros_like(shadows[name]) for name in shadows
        }
