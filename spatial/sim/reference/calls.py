"""Calls of a program that overlap: what each has of its own, when each ends, and how far they lie apart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spatial.ir.graph import ActorGraph
from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.memory import SharedMemory

__all__ = ["CallMemory", "ends_of", "interval_of", "stateful"]

Values = Mapping[str, Sequence[object]]


@dataclass(slots=True)
class CallMemory:
    """The memory of the calls of a program, as the engine's values.

    Each call begins with what is `given`, and has copies of its own; `kept` is memory that goes from call to call.
    `shared` names what is watched, in a memory that is made by `watch`.
    """

    given: Values
    kept: frozenset[str]
    shared: frozenset[str]
    watch: Callable[[str, list[object]], object] = SharedMemory
    values: list[dict[str, list[object]]] = field(default_factory=list)
    bound: list[dict[str, object]] = field(default_factory=list)

    def of(self, call: int) -> Mapping[str, object]:
        """What the actors are given in a call, by name."""
        while len(self.bound) <= call:
            self.begin()
        return self.bound[call]

    def begin(self) -> None:
        """Makes the memory of one call more."""
        values = {name: list(values) for name, values in self.given.items()}
        if self.values:
            values |= {name: self.values[-1][name] for name in self.kept}
        bound: dict[str, object] = {**values, **{name: self.watch(name, values[name]) for name in self.shared}}
        if self.bound:
            bound |= {name: self.bound[-1][name] for name in self.kept}
        self.values.append(values)
        self.bound.append(bound)

    @property
    def last(self) -> Mapping[str, list[object]]:
        """The values of the latest call that has begun."""
        self.of(0)
        return self.values[-1]


def stateful(graph: ActorGraph) -> frozenset[str]:
    """The memory that keeps its values from one call to the next."""
    return frozenset(memory.name for memory in graph.memories if memory.stateful)


def ends_of(actors: Iterable[ActorState]) -> tuple[int, ...]:
    """The cycle in which each call ended that all actors have done their part of, but for those that run freely."""
    parts = [state.ends for state in actors if state.ends or (state.done is None and not state.free_running)]
    return tuple(int(max(ends)) for ends in zip(*parts, strict=False))


def interval_of(ends: Sequence[int]) -> float | None:
    """The cycles from the end of one call to that of the next, once they follow each other evenly.

    It is the mean over the second half of the calls, so that the first ones may take longer or shorter.
    """
    if len(ends) < 2:
        return None
    first = (len(ends) - 1) // 2
    return (ends[-1] - ends[first]) / (len(ends) - 1 - first)
