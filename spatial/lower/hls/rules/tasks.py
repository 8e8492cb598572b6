"""What kernels that run for ever are given once, so that they have it in later calls."""

from collections.abc import Iterator

from spatial.analysis.loops import inner, is_endless
from spatial.ir.function import kernels, stores
from spatial.ir.graph import ActorGraph
from spatial.ir.location import span_of
from spatial.ir.mlir import func, scf
from spatial.lower.hls.emit.usage import lasting_locals
from spatial.lower.hls.errors import EndlessAccess, KeptOverCalls
from spatial.lower.hls.rules.rule import Subject
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["given_to_tasks", "kept_over_calls"]


def kept_over_calls(subject: Subject) -> list[Problem]:
    """Locals that last, and arrays of the region, in kernels that run for ever; each place once."""
    arrays = {array.name for array in subject.graph.arrays}
    found: dict[tuple[str, str], Problem] = {}
    for function, loop, kernel in _endless(subject):
        end = span_of(loop.location)
        for name, span in _locals(function, loop):
            found.setdefault((kernel, name), KeptOverCalls(kernel=kernel, name=name, span=span, loop=end))
        for name, span in _given(subject.graph, function, arrays):
            found.setdefault((kernel, name), KeptOverCalls(kernel=kernel, name=name, span=span, loop=end, array=True))
    return list(found.values())


def given_to_tasks(subject: Subject) -> list[Problem]:
    """Scalars of the region that kernels which run for ever read; each place once."""
    scalars = {scalar.name for scalar in subject.graph.scalars}
    found: dict[tuple[str, str], Problem] = {}
    for function, loop, kernel in _endless(subject):
        for name, span in _given(subject.graph, function, scalars):
            problem = EndlessAccess(kernel=kernel, name=name, span=span, loop=span_of(loop.location), scalar=True)
            found.setdefault((kernel, name), problem)
    return list(found.values())


def _endless(subject: Subject) -> Iterator[tuple[func.FuncOp, scf.WhileOp, str]]:
    """The functions that run for ever, with their loops and kernels."""
    for function in kernels(subject.module):
        loop = next((op for op in inner(function) if is_endless(op)), None)
        if isinstance(loop, scf.WhileOp):
            yield function, loop, subject.graph.specializations[function.name.value].kernel


def _locals(function: func.FuncOp, loop: scf.WhileOp) -> Iterator[tuple[str, Span]]:
    """What is declared before the loop, and changed in it."""
    lasting = sorted(lasting_locals(function, loop), key=lambda memory: span_of(memory.owner.location))
    for memory in lasting:
        changed = any(stores(use.owner) and use.owner.operation.block != function.entry_block for use in memory.uses)
        declared = memory.owner.opview
        if changed and "df.name" in declared.attributes:
            yield declared.attributes["df.name"].value, span_of(declared.location)


def _given(graph: ActorGraph, function: func.FuncOp, names: set[str]) -> Iterator[tuple[str, Span]]:
    """What the region is given and the kernel reads."""
    for actor in (actor for actor in graph.actors if actor.function == function.name.value):
        for position, name in enumerate(actor.arrays, start=len(actor.values) + len(actor.channels)):
            argument = function.arguments[position]
            if name in names and not any(stores(use.owner) for use in argument.uses):
                places = [span_of(use.owner.location) for use in argument.uses]
                if places:
                    yield name, min(places)
