"""Places what one iteration of a pipelined loop does into stages, by the rules of the timing."""

import ast
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import networkx

from tests.sim.dataflow.script import (
    LOOKS,
    POLLS,
    WRITES,
    Break,
    For,
    If,
    Net,
    Op,
    Set,
    Statement,
    While,
    ends_of,
    ops_of,
)

Branches = tuple[tuple[int, bool], ...]


@dataclass(slots=True, kw_only=True, eq=False)
class Item:
    """One thing an iteration does in a `stage`, where it is in all of its `branches` of an `if`.

    A `test` decides branch number `number`, or whether the loop goes on (0); `early` is the stage in which it must
    read its cells, if that is a sooner one: another item `keeps` them for it then.
    """

    does: Op | Set | None = None
    test: str = ""
    number: int = -1
    leaves: bool = False
    branches: Branches = ()
    stage: int = 0
    early: int | None = None
    ends: tuple[str, ...] = ()
    keeps: "Item | None" = None


@dataclass(slots=True, kw_only=True)
class Schedule:
    """The items in the order of the text, the interval and the latency."""

    items: list[Item]
    ii: int = 1
    latency: int = 1
    style: str = "elastic"
    unreachable: bool = False
    by_stage: list[list[Item]] = field(default_factory=list)


@functools.cache
def names_in(text: str) -> frozenset[str]:
    """The locals an expression reads."""
    found = {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)}
    return frozenset(found - {"int32", "Pair"})


def items_of(net: Net, loop: For | While) -> list[Item]:
    """An iteration in a row; what stands behind a branch that leaves the loop is in the other branch."""
    found: list[Item] = []
    numbers = iter(range(1, 1000))

    def add(body: Sequence[Statement], branches: Branches) -> None:
        for position, statement in enumerate(body):
            match statement:
                case Op():
                    found.append(Item(does=statement, branches=branches, ends=tuple(ends_of(net, statement))))
                case Set():
                    found.append(Item(does=statement, branches=branches))
                case Break():
                    found.append(Item(leaves=True, branches=branches))
                    return
                case If(test=test, body=inner, orelse=orelse):
                    number, rest = next(numbers), body[position + 1 :]
                    found.append(Item(test=test, number=number, branches=branches))
                    add(inner, (*branches, (number, True)))
                    if inner and isinstance(inner[-1], Break):
                        add((*orelse, *rest), (*branches, (number, False)))
                        return
                    add(orelse, (*branches, (number, False)))
                case _:
                    raise AssertionError("a pipelined loop is innermost")

    branches: Branches = ()
    if isinstance(loop, While) and loop.test != "True":
        if loop.head:
            found.append(Item(does=loop.head, ends=tuple(ends_of(net, loop.head))))
        test = loop.test.format(loop.head.target) if loop.head else loop.test
        found.append(Item(test=test, number=0))
        branches = ((0, True),)
    add(loop.body, branches)
    return found


def reads(item: Item) -> frozenset[str]:
    """The locals whose values it needs."""
    match item.does:
        case Op(value=value, index=index, place=place):
            return frozenset().union(*(names_in(text) for text in (value, index, place) if text))
        case Set(value=value):
            return names_in(value)
    return names_in(item.test) if item.test else frozenset()


def writes(item: Item) -> frozenset[str]:
    """The locals it assigns."""
    match item.does:
        case Op(target=target) if target:
            return frozenset({target, f"{target}_ok", f"{target}_at"})
        case Set(name=name):
            return frozenset({name.split("[")[0]})
    return frozenset()


def exclusive(first: Item, second: Item) -> bool:
    """Whether they stand in different branches of one `if`."""
    return any((number, not taken) in second.branches for number, taken in first.branches if number)


class Placement:
    """The placement of one loop; `cells` are the locals that live longer than an iteration."""

    def __init__(self, net: Net, loop: For | While, cells: frozenset[str], loopback: frozenset[str]) -> None:
        self.items = items_of(net, loop)
        self.loop, self.cells, self.loopback = loop, cells, loopback
        self.pipe = loop.pipe if isinstance(loop, For) else None

    def asked(self, item: Item) -> int | None:
        if self.pipe is None or not isinstance(item.does, Op):
            return None
        return dict(self.pipe.stages).get(item.does.chan)

    def wish(self, item: Item) -> int:
        """Where a pipeline of a given length puts gets, which is stage 1, and puts, which is the last one."""
        if (asked := self.asked(item)) is not None:
            return asked
        if self.pipe is None or self.pipe.latency is None or not isinstance(item.does, Op):
            return 0
        return min(1, self.pipe.latency - 1) if item.does.what == "get" else self.pipe.latency - 1

    def needs(self, position: int) -> Iterator[int]:
        """The stages before which an item cannot be."""
        item, needed = self.items[position], reads(self.items[position])
        for other in self.items[:position]:
            tests = other.number >= 0 and any(number == other.number for number, _ in item.branches)
            stores = writes(item) & (reads(other) | writes(other)) & self.cells
            if tests or writes(other) & needed or (writes(other) & writes(item)):
                yield other.stage
            elif stores:
                yield self.read_from(other)
            if item.number == 0 or other.number == 0:
                yield other.stage
            if isinstance(item.does, Op) and isinstance(other.does, Op):
                yield from self.order(other, item)

    def read_from(self, item: Item) -> int:
        """The first stage in which it could read its cells; a block is put as it is in the stage of the `put`."""
        if isinstance(item.does, Op) and item.does.value in self.cells:
            return item.stage
        position = self.items.index(item)
        behind = [other.stage for other in self.items[:position] if writes(other) & reads(item) & self.cells]
        return max(behind, default=0)

    def order(self, other: Item, item: Item) -> Iterator[int]:
        """How one channel operation follows another."""
        assert isinstance(item.does, Op)
        assert isinstance(other.does, Op)
        timed = (*POLLS, "select")
        if item.does.what in timed or other.does.what in timed:
            yield other.stage
        same_side = (item.does.what in WRITES) == (other.does.what in WRITES)
        if exclusive(other, item):
            return
        if same_side and set(item.ends) & set(other.ends):
            yield other.stage + (0 if other.does.what in LOOKS else 1)
        answers = item.does.what in ("get", "peek", "select", "gather") and self.loopback & set(item.ends)
        if answers and other.does.what in ("put", "try_put", "scatter") and self.loopback & set(other.ends):
            yield other.stage + 1

    def place(self) -> Schedule:
        for position, item in enumerate(self.items):
            item.stage = max([self.wish(item), *self.needs(position)])
        last = max((item.stage for item in self.items), default=0)
        latency = (self.pipe and self.pipe.latency) or last + 1
        least = self.interval()
        repeats = isinstance(self.loop, While) or any(item.leaves for item in self.items)
        least = max(least, latency) if repeats else least
        asked = self.pipe.ii if self.pipe else None
        made = Schedule(items=self.items, ii=asked or least, latency=latency)
        made.style = self.pipe.style if self.pipe else "elastic"
        made.unreachable = latency < last + 1 or (asked or least) < least
        made.by_stage = [list(self.within(stage)) for stage in range(latency)]
        return made

    def within(self, stage: int) -> Iterator[Item]:
        """What happens in a stage, in the order of the text."""
        for item in self.items:
            if item.early == stage:
                yield Item(keeps=item, branches=item.branches, stage=stage)
            if item.stage == stage:
                yield item

    def interval(self) -> int:
        """The least interval: a channel end is used once in a cycle, and cells are there when the next reads them."""
        least = 1
        for side in (True, False):
            used = [item for item in self.items if isinstance(item.does, Op) and (item.does.what in WRITES) == side]
            for end in {end for item in used for end in item.ends}:
                stages = [item.stage for item in used if end in item.ends]
                least = max(least, max(stages) - min(stages) + 1)
        for cell in self.cells:
            stored = [item.stage for item in self.items if cell in writes(item)]
            touched = stored + [self.reading(n, cell) for n, item in enumerate(self.items) if cell in reads(item)]
            if stored:
                least = max(least, max(stored) - min(touched), max(touched) - min(stored))
        return least

    def reading(self, position: int, cell: str) -> int:
        """The stage in which an item reads a cell: as late as it can, before the cell is assigned again."""
        item = self.items[position]
        if isinstance(item.does, Op) and item.does.value == cell:
            return item.stage
        again = [other.stage for other in self.items[position:] if cell in writes(other)]
        stage = max(self.read_from(item), min([item.stage, *again]))
        if stage < item.stage:
            item.early = stage if item.early is None else min(item.early, stage)
        return stage


def feedback(net: Net) -> dict[str, frozenset[str]]:
    """For each actor the channels through which it talks to itself."""
    graph: networkx.DiGraph[tuple[str, str]] = networkx.DiGraph()
    used: dict[str, set[str]] = {}
    for actor in net.actors:
        used[actor.name] = set()
        for op in ops_of(actor.body):
            for end in ends_of(net, op):
                used[actor.name].add(end)
                one, other = ("actor", actor.name), ("channel", end)
                graph.add_edge(*((one, other) if op.what in WRITES else (other, one)))
    circle = {node: n for n, nodes in enumerate(networkx.strongly_connected_components(graph)) for node in nodes}
    return {
        name: frozenset(end for end in ends if circle["channel", end] == circle["actor", name])
        for name, ends in used.items()
    }
