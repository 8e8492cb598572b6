"""Names for what is added to a program."""

import itertools
from copy import copy

from spatial.ir.graph import ActorGraph

__all__ = ["Names"]


class Names:
    """Gives names that the program does not have yet."""

    def __init__(self, graph: ActorGraph) -> None:
        self.taken = {channel.stream for channel in graph.channels}
        self.taken |= {parameter.name for parameter in graph.parameters}
        self.taken |= {memory.name for memory in graph.memories}
        self.taken |= {actor.kernel for actor in graph.actors} | set(graph.specializations) | {graph.name}

    def new(self, name: str) -> str:
        """The name, numbered if it is taken."""
        numbered = (f"{name}_{number}" for number in itertools.count(1))
        found = next(other for other in itertools.chain([name], numbered) if other not in self.taken)
        self.taken.add(found)
        return found

    def tried(self) -> "Names":
        """The same names, for an attempt that may be given up."""
        made = copy(self)
        made.taken = set(self.taken)
        return made
