"""How far the actors of a native run have come, each on a clock of its own."""

from spatial.lower.llvm.code import Lanes
from spatial.lower.llvm.layout import DONE, NEVER, ActorField, ActorHalf, LaneField
from spatial.sim.native.again import Calls
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.image import Image

__all__ = ["Clocks"]


class Clocks:
    """Cycles before which nothing more happens, where the run pauses."""

    def __init__(self, program: NativeProgram, image: Image, calls: Calls) -> None:
        self.program = program
        self.calls = calls
        self.actors = program.network.graph.actors
        self.image = image

    def least(self) -> int:
        """That of all actors."""
        return min(map(self.floor, range(len(self.actors))), default=NEVER)

    def floor(self, number: int) -> int:
        """That of one actor."""
        actor = self.actors[number]
        state = self.image.actor(actor.name, ActorHalf.STATE)
        if state == DONE and not self.calls.left(actor.name):
            return NEVER
        lanes = self.program.codes[actor.function].lanes.get(state)
        if lanes is None or not lanes.elastic:
            return self.image.actor(actor.name, ActorField.CLOCK)
        return self.floor_of_lanes(actor.name, lanes)

    def floor_of_lanes(self, actor: str, lanes: Lanes) -> int:
        """Iterations in flight go on from their clocks; one begins no sooner than that ahead of it has."""
        oldest, behind = (self.image.word(actor, place) for place in (lanes.oldest, lanes.next))
        if not behind:
            return self.image.actor(actor, ActorField.CLOCK)
        places = [(number, LaneField.CLOCK) for number in range(oldest, behind)]
        clocks = (
            self.image.word(actor, lanes.base + number % lanes.count * lanes.size + 8 * field)
            for number, field in [*places, (behind - 1, LaneField.FIRED)]
        )
        return min(clocks)
