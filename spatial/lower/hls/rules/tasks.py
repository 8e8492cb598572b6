"""What becomes of kernels that run for ever when a design is called again."""

from collections.abc import Iterator

from spatial.analysis.loops import inner, is_endless
from spatial.ir.function import kernels, stores
from spatial.ir.graph import Actor
from spatial.ir.location import span_of
from spatial.ir.mlir import func, scf
from spatial.lower.hls.emit.usage import lasting_locals
from spatial.lower.hls.errors import KeptOverCalls
from spatial.lower.hls.rules.rule import Subject
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["kept_over_calls"]


def kept_over_calls(subject: Subject) -> list[Problem]:
    """Locals that last, and arrays and scalars of the region, in kernels that run for ever; each place once."""
    graph = subject.graph
    given = {*(array.name for array in graph.arrays), *(scalar.name for scalar in graph.scalars)}
    found: dict[tuple[str, str], KeptOverCalls] = {}
    for function in kernels(subject.module):
        loop = next((op for op in inner(function) if is_endless(op)), None)
        if loop is not None and isinstance(loop, scf.WhileOp):
            actors = [actor for actor in graph.actors if actor.function == function.name.value]
            for name, span in (*_locals(function, loop), *_given(function, actors, given)):
                kernel = graph.specializations[function.name.value].kernel
                problem = KeptOverCalls(kernel=kernel, name=name, span=span, loop=span_of(loop.location))
                found.setdefault((kernel, name), problem)
    return list(found.values())


def _locals(function: func.FuncOp, loop: scf.WhileOp) -> Iterator[tuple[str, Span]]:
    """What is declared before the loop, and changed in it."""
    lasting = sorted(lasting_locals(function, loop), key=lambda memory: span_of(memory.owner.location))
    for memory in lasting:
        changed = any(stores(use.owner) and use.owner.operation.block != function.entry_block for use in memory.uses)
        declared = memory.owner.opview
        if changed and "df.name" in declared.attributes:
            yield declared.attributes["df.name"].value, span_of(declared.location)


def _given(function: func.FuncOp, actors: list[Actor], names: set[str]) -> Iterator[tuple[str, Span]]:
    """What the region is given and the kernel reads."""
    for actor in actors:
        for position, name in enumerate(actor.arrays, start=len(actor.values) + len(actor.channels)):
            argument = function.arguments[position]
            if name in names and not any(stores(use.owner) for use in argument.uses):
                places = [span_of(use.owner.location) for use in argument.uses]
                if places:
                    yield name, min(places)
