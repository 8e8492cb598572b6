"""Who reads and who writes the arrays that actors share."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.ir.graph import Actor, ActorGraph

__all__ = ["ArrayUse", "array_uses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayUse:
    """The actors whose text reads elements of an array, and those whose text writes some."""

    readers: frozenset[str]
    writers: frozenset[str]

    @property
    def shared(self) -> bool:
        """Whether an actor writes what another one touches."""
        return bool(self.writers) and len(self.readers | self.writers) > 1


def array_uses(graph: ActorGraph) -> Mapping[str, ArrayUse]:
    """For each array and memory of a region who uses it."""
    readers: dict[str, set[str]] = {name: set() for name in graph.memory_types}
    writers: dict[str, set[str]] = {name: set() for name in graph.memory_types}
    alike: dict[tuple[str, tuple[str, ...]], list[Actor]] = {}
    for actor in graph.actors:
        alike.setdefault((actor.function, actor.arrays), []).append(actor)
    for (function, arrays), actors in alike.items():
        uses = graph.specializations[function].arrays
        names = [actor.name for actor in actors]
        for position, array in enumerate(arrays, start=len(actors[0].values) + len(actors[0].channels)):
            reads, writes = uses[position]
            if reads:
                readers[array].update(names)
            if writes:
                writers[array].update(names)
    return {name: ArrayUse(readers=frozenset(readers[name]), writers=frozenset(writers[name])) for name in readers}
