"""Finds which values of a program carry data, and where such a value decides what the program does."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from networkx.utils import UnionFind

from spatial.ir.channels import CLOCK_DEPENDENT, streams_of
from spatial.ir.dialect import (
    AssertOp,
    BitOp,
    ByReferenceOp,
    ByValueOp,
    ExternalOp,
    GetBlockOp,
    GetOp,
    PeekBlockOp,
    PeekOp,
    PrintOp,
    PutOp,
    TextOp,
    WithinOp,
    context,
)
from spatial.ir.function import kernels, operations
from spatial.ir.graph import ActorGraph
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.source.span import Span
from spatial.verify.errors import DataControl, NotSymbolic

__all__ = ["Flow", "Place", "first_poll", "flow_of", "may_go_round", "refusals"]

Place = tuple[str, ir.Value] | str
"""Memory or a channel: a value of a function, or what the program calls it."""

MOVES = (memref.LoadOp, GetOp, PeekOp)
QUIET = (PrintOp, TextOp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What carries data: memory and channels, which hold either data or known numbers, and single values.

    For what the program has a name for, `given` has a parameter of a function that is given it.
    """

    places: "UnionFind[Place]"
    given: Mapping[str, Place]
    marked: frozenset[Place]
    values: frozenset[ir.Value]

    def holds(self, function: str, value: ir.Value) -> bool:
        """Whether memory or a channel of a function holds data."""
        return self.places[(function, value)] in self.marked

    def names(self, name: str) -> bool:
        """Whether memory or a channel of the program holds data."""
        return self.places[self.given.get(name, name)] in self.marked

    def root(self, function: str, value: ir.Value) -> Place:
        """What stands for everything that shares tokens with memory or a channel of a function."""
        return self.places[(function, value)]


def flow_of(module: ir.Module, graph: ActorGraph, known: Collection[str] = ()) -> Flow:
    """Follows the data of a program from its parameters, but for those whose contents are `known`.

    What is known of a stream is so by its channels.
    """
    functions = kernels(module)
    places: UnionFind[Place] = UnionFind()
    given = _given(places, graph, {f.name.value: f for f in functions})
    for function in functions:
        for op in operations(function.entry_block):
            _join(places, function.name.value, op)
    open_ = (channel.name for channel in graph.channels if channel.writer is None)
    begun = [*(array.name for array in graph.arrays), *(scalar.name for scalar in graph.scalars), *open_]
    marked: set[Place] = {places[given.get(name, name)] for name in begun if name not in known}
    values: set[ir.Value] = set()
    before = (-1, -1)
    while before != (before := (len(marked), len(values))):
        for function in functions:
            for op in operations(function.entry_block):
                _follow(op, function.name.value, places, marked, values)
    return Flow(places=places, given=given, marked=frozenset(marked), values=frozenset(values))


def _given(places: "UnionFind[Place]", graph: ActorGraph, functions: Mapping[str, func.FuncOp]) -> Mapping[str, Place]:
    """Joins the parameters that are given the same, by one actor or another; one of them for each name.

    There are many more actors than functions, so what two parameters are joined for is looked at once.
    """
    taken = {name: [(name, argument) for argument in each.arguments] for name, each in functions.items()}
    given: dict[str, Place] = {}
    alike: dict[tuple[int, int], tuple[Place, Place]] = {}
    for actor in graph.actors:
        for name, place in zip(
            (*actor.channels, *actor.arrays), taken[actor.function][len(actor.values) :], strict=True
        ):
            other = given.setdefault(name, place)
            if other is not place:
                alike[id(other), id(place)] = other, place
    for pair in alike.values():
        places.union(*pair)
    return given


def _join(places: "UnionFind[Place]", function: str, op: ir.OpView) -> None:
    """Memory whose elements are moved as they are holds data if the other does."""
    match op:
        case memref.SubViewOp():
            places.union((function, op.operands[0]), (function, op.result))
        case memref.CopyOp():
            places.union((function, op.source), (function, op.target))
        case GetBlockOp() | PeekBlockOp():
            places.union((function, op.stream), (function, op.block))
        case PutOp() if isinstance(op.value.type, ir.MemRefType):
            places.union((function, op.stream), (function, op.value))


def _follow(
    op: ir.OpView, function: str, places: "UnionFind[Place]", marked: set[Place], values: set[ir.Value]
) -> None:
    """What data an operation moves or makes."""
    match op:
        case memref.StoreOp():
            if op.value in values:
                marked.add(places[(function, op.memref)])
        case PutOp():
            if op.value in values:
                marked.add(places[(function, op.stream)])
        case memref.LoadOp():
            if places[(function, op.memref)] in marked:
                values.add(op.result)
        case GetOp() | PeekOp():
            if places[(function, op.stream)] in marked:
                values.add(op.value)
        case scf.YieldOp():
            owner = op.operation.parent
            values.update(result for result, given in zip(owner.results, op.operands, strict=False) if given in values)
        case scf.IfOp():
            if op.operands[0] in values:
                values.update(op.results)
        case func.CallOp():
            values.update(op.results)
        case scf.ForOp() | scf.WhileOp() | TextOp() | memref.SubViewOp():
            pass
        case _:
            if any(operand in values for operand in op.operands):
                values.update(op.results)


def refusals(module: ir.Module, flow: Flow) -> Iterator[DataControl | NotSymbolic]:
    """Every place where data decides what a program does, and every operation that no symbol passes."""
    for function in kernels(module):
        for op in operations(function.entry_block):
            span = span_of(op.location)
            if isinstance(op, ExternalOp | ByValueOp | ByReferenceOp):
                if isinstance(op, ExternalOp):
                    yield NotSymbolic(what="a function in C++ that gives nothing back", span=span)
            elif isinstance(op, scf.ForOp | scf.WhileOp) and len(op.results):
                yield NotSymbolic(what="a loop that hands on values", span=span)
            elif what := _decided(op, flow.values):
                yield DataControl(what=what, span=span)


def _decided(op: ir.OpView, values: frozenset[ir.Value]) -> str:
    """What data decides at an operation, in words; empty where it decides nothing."""
    for what, operands in _deciding(op):
        if any(operand in values for operand in operands):
            return what
    return ""


def _deciding(op: ir.OpView) -> Iterator[tuple[str, list[ir.Value]]]:
    """The operands that decide what an operation does, and what that is."""
    match op:
        case memref.LoadOp() | memref.StoreOp():
            yield "which element is used", list(op.indices)
        case memref.SubViewOp():
            yield "which part of an array is used", list(op.operands)[1:]
        case PeekOp() | PeekBlockOp():
            yield "which token is read", [op.position]
        case WithinOp():
            yield f"which element is used of {op.what.value}", [op.operand]
        case BitOp():
            yield "which bit is used", [op.operand]
        case scf.IfOp():
            yield "which branch is taken", [op.operands[0]]
        case scf.ForOp():
            yield "how often a loop runs", list(op.operands)[:3]
        case scf.ConditionOp():
            yield "how often a loop runs", list(op.operands)[:1]
        case AssertOp():
            yield "whether the run goes on", list(op.operands)[:1]


def first_poll(module: ir.Module) -> tuple[str, Span] | None:
    """The first operation whose outcome depends on time: what it is called, and where it stands."""
    for function in kernels(module):
        for op in operations(function.entry_block):
            if isinstance(op, CLOCK_DEPENDENT) and streams_of(op):
                return op.operation.name.removeprefix("df."), span_of(op.location)
    return None


def may_go_round(module: ir.Module) -> bool:
    """Whether there is a loop that may never end, which only a run with clocks notices."""
    with context():
        functions = kernels(module)
        return any(isinstance(op, scf.WhileOp) for each in functions for op in operations(each.entry_block))
