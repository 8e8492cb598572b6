"""Layouts of all memory of a program: what accesses ask for, joined over calls, kernels and PEs."""

from collections.abc import Iterator
from typing import Any

from spatial.analysis.layout.between import shared_arrays
from spatial.analysis.layout.classes import Asked, Classes, Given
from spatial.analysis.layout.demands import demands_in
from spatial.ir.calls import MEMORY
from spatial.ir.function import operations
from spatial.ir.graph import ActorGraph
from spatial.ir.layouts import layout_of
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref

__all__ = ["Name", "infer_layouts", "memory_in"]

Name = Any
"""Memory: a function's parameter or local array, or an array of the program by its name."""


def infer_layouts(module: ir.Module, graph: ActorGraph) -> Classes[Name]:
    """What is asked of each piece of memory, by its accesses and by what is said of it already."""
    functions = [op for op in module.body.operations if isinstance(op, func.FuncOp)]
    bodies = {function.name.value: function for function in functions if not function.is_external}
    asked: list[Asked[Name]] = []
    for function in bodies.values():
        asked += [Asked(memory=d.memory, layout=d.layout, span=d.span, why=d.why) for d in demands_in(function)]
        for memory in memory_in(function):
            if (said := layout_of(memory)) is not None:
                asked.append(Asked(memory=memory, layout=said, span=span_of(memory.location)))
    for each in shared_arrays(graph, bodies):
        why = f"{each.actors} actors use it at once"
        asked.append(Asked(memory=each.array, layout=each.layout, span=each.span, why=why))
    return Classes([*_bound(graph, bodies), *_called(bodies), *_kept(bodies)], asked)


def memory_in(function: func.FuncOp) -> Iterator[ir.Value]:
    """The arrays of a function: parameters, then local ones."""
    for argument in function.arguments:
        if isinstance(argument.type, ir.MemRefType) and argument.type.shape:
            yield argument
    for op in operations(function.entry_block):
        if isinstance(op, memref.AllocaOp) and op.memref.type.shape:
            yield op.memref


def _bound(graph: ActorGraph, functions: dict[str, func.FuncOp]) -> list[Given[Name]]:
    """The arrays of a program that functions are given by their actors."""
    found: dict[tuple[str, int, str], Given[Name]] = {}
    for actor in graph.actors:
        first = len(actor.values) + len(actor.channels)
        for position, array in enumerate(actor.arrays, start=first):
            if (key := (actor.function, position, array)) not in found:
                inner = functions[actor.function].arguments[position]
                found[key] = Given(outer=array, inner=inner, span=actor.span)
    return list(found.values())


def _kept(functions: dict[str, func.FuncOp]) -> Iterator[Given[Name]]:
    """The locals that are memory of the program, since kernels are given it that a call starts."""
    for function in functions.values():
        for memory in memory_in(function):
            owner = memory.owner
            if not isinstance(owner, ir.Block) and MEMORY in owner.attributes:
                yield Given(outer=owner.attributes[MEMORY].value, inner=memory, span=span_of(memory.location))


def _called(functions: dict[str, func.FuncOp]) -> Iterator[Given[Name]]:
    """The arrays that functions are given by calls."""
    for function in functions.values():
        for op in operations(function.entry_block):
            if isinstance(op, func.CallOp) and op.callee.value in functions:
                parameters = functions[op.callee.value].arguments
                for operand, parameter in zip(op.operands, parameters, strict=True):
                    if isinstance(operand.type, ir.MemRefType):
                        yield Given(outer=operand, inner=parameter, span=span_of(op.location))
