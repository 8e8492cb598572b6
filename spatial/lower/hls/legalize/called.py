"""Lets the kernels of called regions end: their caller tells them when there is no further call."""

from collections.abc import Iterator

from spatial.analysis.loops import halves_of, inner, is_endless
from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.function import kernels
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import func, ir, scf
from spatial.types.dtype import bool_

__all__ = ["end_called"]


def end_called(module: ir.Module, graph: ActorGraph) -> None:
    """Changes a module in place: a start that is false is the last one.

    A caller puts one into each of its starts when all else is done; a kernel that is called ends at it. So what a
    kernel does at its end is done there too. Nothing changes where a caller never ends.
    """
    functions = {function.name.value: function for function in kernels(module)}
    callers, called = sorted(starts_of(graph, writes=True)), sorted(starts_of(graph, writes=False))
    found = [each for name, position in called for each in served(functions[name], functions[name].arguments[position])]
    loops = [loop for _, loop in found]
    if any(is_endless(op) and op not in loops for name, _ in callers for op in inner(functions[name])):
        return
    for name, position in callers:
        with ir.InsertionPoint(list(functions[name].entry_block.operations)[-1]), functions[name].location:
            PutOp(functions[name].arguments[position], constant(bool_, 0))
    for get, loop in found:
        condition = list(halves_of(loop)[0].operations)[-1]
        get.operation.move_before(condition)
        condition.operation.operands[0] = get.value


def starts_of(graph: ActorGraph, *, writes: bool) -> set[tuple[str, int]]:
    """The functions and positions at one end of channels that start a part of a region."""
    ports = (channel.writer if writes else channel.reader for channel in graph.channels if channel.role == "start")
    return {(graph.actor[port.actor].function, port.position) for port in ports if port is not None}


def served(function: func.FuncOp, start: ir.Value) -> Iterator[tuple[GetOp, scf.WhileOp]]:
    """Each get of a start with the endless loop that it stands in."""
    for use in list(start.uses):
        op = use.owner
        loop = op.operation.parent.opview
        if isinstance(op, GetOp) and is_endless(loop):
            yield op, loop
