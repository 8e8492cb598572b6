"""The skeleton of a function: what decides when it uses its channels, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from spatial.analysis.control.expression import Expression, frontier
from spatial.ir.location import Call
from spatial.source.span import Span

__all__ = [
    "Act",
    "Bounds",
    "Choice",
    "Computation",
    "Condition",
    "Counted",
    "Forever",
    "Node",
    "Nodes",
    "Piped",
    "Skeleton",
    "Undecided",
    "deciding",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """An integer that only a run can tell; `why` completes "this depends on"."""

    why: str


Condition: TypeAlias = Expression | Undecided


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Act:
    """A channel operation at the port of a parameter's position; `unfit` says why it is not a plain put or get."""

    position: int
    puts: bool
    stage: int
    span: Span
    calls: tuple[Call, ...]
    unfit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """One of two sequences."""

    condition: Condition
    then: "Nodes"
    other: "Nodes"
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """The range of a loop variable."""

    variable: int
    low: Condition
    high: Condition
    step: Condition


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """A loop that runs its body for each number of a range; an iteration that takes no time takes `least` cycles."""

    bounds: Bounds
    body: "Nodes"
    least: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forever:
    """A loop that never ends; an iteration that takes no time takes a cycle."""

    body: "Nodes"
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piped:
    """A pipelined nest of loops, outermost first; `bounds` is empty where it runs for ever.

    Its body has no loops.
    """

    bounds: tuple[Bounds, ...]
    body: "Nodes"
    ii: int
    latency: int
    style: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Computation:
    """Work that takes a known time; `unfit` says why it is not known."""

    cycles: int
    span: Span
    unfit: str = ""


Node: TypeAlias = Act | Choice | Counted | Forever | Piped | Computation
Nodes: TypeAlias = tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skeleton:
    """A function's skeleton; variables below `arguments` are the positions of its parameters."""

    nodes: Nodes
    arguments: int

    def matters(self) -> list[int]:
        """The positions of the arguments that decide anything."""
        found = {number for each in deciding(self.nodes) for number in each.variables if number < self.arguments}
        return sorted(found)


def deciding(nodes: Nodes) -> Iterator[Expression]:
    """The integers that decide what a sequence does, as far as they depend on nothing inside of it."""
    for node in nodes:
        match node:
            case Choice():
                yield from _known(node.condition)
                yield from deciding(node.then)
                yield from deciding(node.other)
            case Counted():
                yield from _bounds(node.bounds)
                yield from _outside(node.body, frozenset({node.bounds.variable}))
            case Forever():
                yield from deciding(node.body)
            case Piped():
                for bounds in node.bounds:
                    yield from _bounds(bounds)
                yield from _outside(node.body, frozenset(bounds.variable for bounds in node.bounds))


def _bounds(bounds: Bounds) -> Iterator[Expression]:
    for bound in (bounds.low, bounds.high, bounds.step):
        yield from _known(bound)


def _outside(nodes: Nodes, inner: frozenset[int]) -> Iterator[Expression]:
    for each in deciding(nodes):
        yield from frontier(each, inner)


def _known(condition: Condition) -> Iterator[Expression]:
    if isinstance(condition, Expression) and condition.variables:
        yield condition
