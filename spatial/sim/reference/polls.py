"""The channel operations that answer by what a channel holds now."""

from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.channel import Fifo

__all__ = ["Polls"]


class Polls:
    """What a lane can ask without waiting.

    An answer depends on puts and gets of earlier cycles only, so not on who else acts in this one. What
    succeeds happens at once; `acted` says that the stage has taken its cycle.
    """

    def __init__(self, actor: ActorState) -> None:
        self.actor = actor
        self.environment = actor.environment
        self.acted = False

    def try_get(self, fifo: Fifo, zero: object, site: int) -> tuple[int, object]:
        """Takes a token if there is one."""
        if not self.ask(fifo, fifo.holds(self.environment.now), site):
            return 0, zero
        _, value, clock = fifo.tokens[0]
        self.actor.acquire(clock)
        fifo.get(self.environment.now)
        self.moved()
        return 1, value

    def try_put(self, fifo: Fifo, value: object, site: int) -> int:
        """Puts a token if there is room."""
        if not self.ask(fifo, fifo.has_room(self.environment.now), site):
            return 0
        fifo.put(self.environment.now, value, self.actor.released())
        self.moved()
        return 1

    def empty(self, fifo: Fifo, site: int) -> int:
        """Whether there is no token."""
        return int(not self.ask(fifo, fifo.holds(self.environment.now), site))

    def full(self, fifo: Fifo, site: int) -> int:
        """Whether there is no room."""
        return int(not self.ask(fifo, fifo.has_room(self.environment.now), site))

    def ask(self, fifo: Fifo, answer: bool, site: int) -> bool:
        """Notes a poll with its answer."""
        self.acted = True
        self.actor.still.poll(self.actor.number, site, fifo)
        if not answer and self.actor.idle is None:
            self.actor.idle = self.environment.now
        return answer

    def moved(self) -> None:
        """The actor has moved a token."""
        self.actor.idle = None
        self.actor.still.moved()
