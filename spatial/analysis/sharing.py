"""Who reads and who writes the arrays that actors share."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.ir.graph import ActorGraph

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
    for actor in graph.actors:
        uses = graph.specializations[actor.function].arrays
        for position, name in enumerate(actor.arrays, start=len(actor.values) + len(actor.channels)):
            reads, writes = uses[position]
            if reads:
                readers[name].add(actor.name)
            if writes:
                writers[name].add(actor.name)
    return {name: ArrayUse(readers=frozenset(readers[name]), writers=frozenset(writers[name])) for name in readers}
