"""What keeps the iterations of a loop apart: values carried from one to another, channel ends."""

from collections.abc import Iterator, Mapping, Sequence

from spatial.analysis.pipelining.distances import reuse
from spatial.analysis.pipelining.memories import Memories
from spatial.analysis.pipelining.order import Order
from spatial.analysis.pipelining.places import Place
from spatial.analysis.pipelining.timing import Limit, Part
from spatial.ir.function import stores
from spatial.ir.location import name_of, span_of
from spatial.ir.mlir import ir, scf

__all__ = ["Intervals", "memory_name"]

Key = tuple[tuple[int, frozenset[tuple[ir.Value, int]]], ...] | None
Moments = Mapping[ir.Operation, tuple[int, float]]
WORDS = {
    "addf": "float add",
    "subf": "float subtract",
    "mulf": "float multiply",
    "divf": "float divide",
    "cmpf": "float compare",
    "sitofp": "convert to float",
    "uitofp": "convert to float",
    "to_integer": "convert to integer",
    "addi": "add",
    "subi": "subtract",
    "muli": "multiply",
    "divsi": "divide",
    "floordivsi": "divide",
    "remsi": "remainder",
    "load": "load",
    "store": "store",
    "put": "put",
    "get": "get",
}


class Intervals:
    """Reads the least interval off a layout: when operations have `begun`, are `ready`, and their `stages`."""

    def __init__(
        self,
        order: Order,
        memories: Memories,
        stages: Mapping[ir.Operation, int],
        begun: Moments,
        ready: Moments,
        data: Mapping[ir.Operation, Sequence[ir.Operation]],
    ) -> None:
        self.order = order
        self.memories = memories
        self.stages = stages
        self.begun = begun
        self.ready = ready
        self.data = data
        self.distances: dict[tuple[Key, Key], int] = {}

    def least(self) -> tuple[int, Limit | None]:
        """The least interval that carried values and channel ends allow, and what it comes from."""
        found: tuple[int, Limit | None] = (1, None)
        for (stream, _), ops in self.order.ends.items():
            stages = [self.stages[op.operation] for op in ops]
            needed = max(stages) - min(stages) + 1
            if needed > found[0]:
                why = f"`{self.order.streams[stream]}` is used again here"
                found = needed, Limit(kind="channel", why=why, span=span_of(ops[-1].location))
        for memory, accesses in self.order.accesses.items():
            if self.memories.carried(memory):
                found = self.carried(memory, accesses, found)
        return found

    def carried(
        self, memory: ir.Value, accesses: Sequence[ir.OpView], found: tuple[int, Limit | None]
    ) -> tuple[int, Limit | None]:
        """What one memory asks for, if it is more than what was found already."""
        groups: dict[Key, list[ir.OpView]] = {}
        for op in accesses:
            groups.setdefault(_key(self.memories.places[op.operation]), []).append(op)
        for one, firsts in groups.items():
            for other, laters in groups.items():
                distance = self.distance(one, other, firsts[0], laters[0])
                for first, later in self.farthest(firsts, laters) if distance else ():
                    needed = -(-self.apart(first, later) // distance)
                    if needed > found[0]:
                        found = needed, self.recurrence(memory, first, later, distance)
        return found

    def distance(self, one: Key, other: Key, first: ir.OpView, later: ir.OpView) -> int:
        """The iterations between accesses to two places; 0 where they never meet."""
        if (one, other) not in self.distances:
            places = self.memories.places
            apart = reuse(places[first.operation], places[later.operation], self.memories.nest)
            self.distances[one, other] = apart or 0
        return self.distances[one, other]

    def farthest(
        self, firsts: Sequence[ir.OpView], laters: Sequence[ir.OpView]
    ) -> Iterator[tuple[ir.OpView, ir.OpView]]:
        """The last store and the first access, and the last access and the first store."""
        written, writes = [op for op in firsts if stores(op)], [op for op in laters if stores(op)]
        for before, behind in ((written, laters), (firsts, writes)):
            if before and behind:
                yield max(before, key=self.stage), min(behind, key=self.stage)

    def stage(self, op: ir.OpView) -> int:
        return self.stages[op.operation]

    def apart(self, first: ir.OpView, later: ir.OpView) -> int:
        """How many cycles an access comes after one of a later iteration in the layout, and one for its effect."""
        behind = self.stages[first.operation] - self.stages[later.operation]
        return behind + int(stores(first) and first != later)

    def recurrence(self, memory: ir.Value, first: ir.OpView, later: ir.OpView, distance: int) -> Limit:
        """The way from what an iteration reads to what the later one waits for."""
        name = memory_name(memory)
        what = f"`{name}`" if name else "what is stored here"
        if not stores(first):
            why = f"{what} is still read here when a later iteration stores to it"
            return Limit(kind="recurrence", why=why, span=span_of(first.location), distance=distance)
        ahead = "the next iteration needs" if distance == 1 else f"the iteration {distance} later needs"
        parts = tuple(self.way(later.operation, first.operation))
        return Limit(
            kind="recurrence",
            why=f"{ahead} {what if name else 'what is stored here'}",
            span=span_of(first.location),
            distance=distance,
            parts=parts,
        )

    def way(self, start: ir.Operation, end: ir.Operation) -> list[Part]:
        """The operations that take time on the way from a load to a store, in order, with the stages they add."""
        reached = {start}
        for op in self.order.operations:
            if any(other in reached for other in self.data[op.operation]):
                reached.add(op.operation)
        way: list[ir.Operation] = []
        at: ir.Operation | None = end if end in reached else None
        while at is not None:
            if self.begun[at] != self.ready[at] and not isinstance(at.opview, scf.YieldOp | scf.IfOp):
                way.insert(0, at)
            before = [other for other in self.data[at] if other in reached and at != start]
            at = max(before, key=lambda other: self.ready[other], default=None)
        ends = [self.ready[op][0] for op in way]
        since = [self.begun[way[0]][0] - 1, *ends] if way else []
        parts = zip(way, ends, since, strict=False)
        return [
            Part(what=_word(op), stages=last - first, span=span_of(op.location))
            for op, last, first in parts
            if last > first
        ]


def _key(places: tuple[Place, ...] | None) -> Key:
    """The indices of an access as something to look up."""
    return None if places is None else tuple((place.constant, frozenset(place.terms.items())) for place in places)


def memory_name(memory: ir.Value) -> str:
    """What the user calls memory."""
    owner = memory.owner
    if isinstance(owner, ir.Block):
        return str(name_of(memory.location) or "")
    return str(owner.attributes["df.name"].value) if "df.name" in owner.attributes else ""


def _word(op: ir.Operation) -> str:
    """What an operation is, in words."""
    kind = str(op.opview.operation.name).rpartition(".")[2]
    return WORDS.get(kind, kind.replace("_", " "))
