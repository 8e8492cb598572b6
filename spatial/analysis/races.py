"""Finds accesses to shared arrays that surely race: nothing could order them, whatever the data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import networkx

from spatial.analysis.errors import UnorderedAccess
from spatial.analysis.sharing import array_uses
from spatial.analysis.static import Arguments, evaluate
from spatial.ir.dialect import ExternalOp
from spatial.ir.function import kernels
from spatial.ir.graph import Actor, ActorGraph, element_name
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["check_races"]

MOST = 1 << 14  # accesses of one actor that are looked at
Element = tuple[str, tuple[int, ...]]


@dataclass(slots=True)
class Touched:
    """Elements that an actor surely reads and surely writes, each with the first place."""

    reads: dict[Element, Span] = field(default_factory=dict)
    writes: dict[Element, Span] = field(default_factory=dict)


class TooMany(Exception):
    """An actor touches more elements than are looked at."""


def check_races(module: ir.Module, graph: ActorGraph) -> list[Problem]:
    """A problem for each array of which one actor writes an element that an unconnected one touches too."""
    shared = {name for name, use in array_uses(graph).items() if use.shared}
    if not shared:
        return []
    functions = {function.name.value: Accesses(function) for function in kernels(module)}
    touched = {actor.name: _touched(functions[actor.function], actor, shared) for actor in graph.actors}
    problems: dict[object, Problem] = {}
    for problem in _unordered(touched, Connected(graph.network)):
        problems.setdefault((problem.array, problem.first, problem.second), problem)
    return list(problems.values())


def _unordered(touched: Mapping[str, Touched], connected: "Connected") -> Iterator[UnorderedAccess]:
    """Pairs of accesses to one element, one of them writing, by actors that no chain of channels joins."""
    users: dict[Element, list[tuple[str, Span, bool]]] = {}
    for actor, elements in touched.items():
        for element in {**elements.writes, **elements.reads}:
            write = elements.writes.get(element)
            users.setdefault(element, []).append((actor, write or elements.reads[element], write is not None))
    for (array, indices), uses in users.items():
        for position, (second, second_span, second_writes) in enumerate(uses):
            for first, first_span, first_writes in uses[:position]:
                if (first_writes or second_writes) and not connected.joined(first, second):
                    yield UnorderedAccess(
                        array=array,
                        element=element_name(array, indices),
                        first_actor=first,
                        first=first_span,
                        second_actor=second,
                        second=second_span,
                    )


class Connected:
    """Which actors a chain of channels leads to, found for those that are asked about."""

    def __init__(self, network: "networkx.MultiDiGraph[str]") -> None:
        self.network = network
        self.reached: dict[str, set[str]] = {}

    def joined(self, a: str, b: str) -> bool:
        """Whether a chain leads from one to the other."""
        return b in self.behind(a) or a in self.behind(b)

    def behind(self, actor: str) -> set[str]:
        if actor not in self.reached:
            self.reached[actor] = networkx.descendants(self.network, actor)
        return self.reached[actor]


@dataclass(frozen=True, slots=True)
class Step:
    """An access to what is watched, or an operation with such accesses in its `blocks`."""

    op: ir.OpView
    blocks: tuple[tuple["Step", ...], ...] = ()


class Accesses:
    """Where a function touches memory that it is given, found once for all actors that are given alike."""

    def __init__(self, function: func.FuncOp) -> None:
        self.block = function.entry_block
        self.arguments = list(function.arguments)
        self.found: dict[tuple[int, ...], tuple[Step, ...]] = {}

    def to(self, positions: tuple[int, ...]) -> tuple[Step, ...]:
        """The accesses to the memory at some positions."""
        if positions not in self.found:
            self.found[positions] = _steps(self.block, {self.arguments[n] for n in positions})
        return self.found[positions]


def _steps(block: ir.Block, watched: set[ir.Value]) -> tuple[Step, ...]:
    found = []
    for op in block.operations:
        match op:
            case memref.LoadOp() | memref.StoreOp() if op.memref in watched:
                found.append(Step(op))
            case ExternalOp() | scf.IfOp() | scf.ForOp():
                blocks = tuple(_steps(each, watched) for region in op.regions for each in region.blocks)
                if any(blocks):
                    found.append(Step(op, blocks))
    return tuple(found)


def _touched(function: Accesses, actor: Actor, shared: set[str]) -> Touched:
    """What an actor touches of the shared arrays; nothing where that is too much to look at."""
    first = len(actor.values) + len(actor.channels)
    names = {n: name for n, name in enumerate(actor.arrays, start=first) if name in shared}
    steps = function.to(tuple(names))
    if not steps:
        return Touched()
    arguments = function.arguments
    values = {arguments[n]: value for n, value in enumerate(actor.values) if isinstance(value, int)}
    walk = Walk({arguments[n]: name for n, name in names.items()})
    try:
        walk.along(steps, Arguments(values))
    except TooMany:
        return Touched()
    return walk.touched


class Walk:
    """Runs through a function as far as loops and branches are static; `arrays` are the memories to watch."""

    def __init__(self, arrays: Mapping[ir.Value, str]) -> None:
        self.arrays = arrays
        self.touched = Touched()
        self.steps = 0

    def along(self, steps: tuple[Step, ...], known: Arguments) -> None:
        for step in steps:
            match step.op:
                case memref.LoadOp():
                    self.touch(step.op, self.touched.reads, known)
                case memref.StoreOp():
                    self.touch(step.op, self.touched.writes, known)
                case ExternalOp():
                    for block in step.blocks:
                        self.along(block, known)
                case scf.IfOp():
                    self.branch(step, known)
                case scf.ForOp():
                    self.loop(step, known)

    def touch(self, op: memref.LoadOp | memref.StoreOp, elements: dict[Element, Span], known: Arguments) -> None:
        self.steps += 1
        if self.steps > MOST:
            raise TooMany
        indices = [evaluate(index, known) for index in op.indices]
        position = tuple(index for index in indices if index is not None)
        element = (self.arrays[op.memref], position)
        if len(position) == len(indices) and element not in elements:
            elements[element] = span_of(op.location)

    def branch(self, step: Step, known: Arguments) -> None:
        condition = evaluate(step.op.condition, known)
        if condition is not None and (condition or len(step.blocks) > 1):
            self.along(step.blocks[0 if condition else 1], known)

    def loop(self, step: Step, known: Arguments) -> None:
        bounds = [evaluate(bound, known) for bound in list(step.op.operands)[:3]]
        found = [bound for bound in bounds if bound is not None]
        for trip in range(*found) if len(found) == 3 else ():
            self.along(step.blocks[0], Arguments({**known, step.op.induction_variable: trip}))
