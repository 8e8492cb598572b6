"""A program ready to run: every function compiled, every channel timed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from spatial.analysis.feedback import feedback
from spatial.analysis.pipeline import Timings, schedule_function
from spatial.analysis.sharing import array_uses
from spatial.device.model import Device
from spatial.ir.dialect import context
from spatial.ir.dtypes import parse_type
from spatial.ir.function import kernels
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir, memref
from spatial.ir.tables import table_values
from spatial.sim.reference.compile import Compiled, compile_function
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.types.dtype import DType
from spatial.types.tensor import element_of

__all__ = ["Network", "compile_network", "watched", "with_alike"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A program compiled for the reference engine; `shared` names the arrays whose accesses are watched.

    `tables` are the constant arrays of the `module`, flat, each with the type of its elements.
    """

    module: ir.Module
    graph: ActorGraph
    device: Device
    functions: Mapping[str, Compiled]
    timings: Mapping[str, Timings]
    shared: frozenset[str]
    tables: Mapping[str, tuple[DType, list[object]]]


def compile_network(module: ir.Module, graph: ActorGraph, device: Device, *, traced: bool = False) -> Network:
    """Compiles a verified module; raises `ProgramError` where a pipeline asked for by hand is impossible.

    If it is `traced` a timeline can be told when iterations begin and end.
    """
    shared = _shared(graph)
    loopback = feedback(graph)
    functions: dict[str, Compiled] = {}
    timings: dict[str, Timings] = {}
    problems: list[Problem] = []
    with context():
        tables = _tables(module)
        for function in kernels(module):
            name = function.name.value
            timings[name], found = schedule_function(function, loopback[name], device)
            problems += found
            lists = {symbol: values for symbol, (_, values) in tables.items()}
            marked = watched(name, graph, shared)
            functions[name] = compile_function(function, timings[name], marked, lists, traced=traced)
    if problems:
        raise ProgramError(problems)
    return Network(
        module=module,
        graph=graph,
        device=device,
        functions=functions,
        timings=timings,
        shared=shared,
        tables=tables,
    )


def _shared(graph: ActorGraph) -> frozenset[str]:
    """The arrays that actors share, with what other actors of the same function have in their place."""
    return with_alike(graph, {name for name, use in array_uses(graph).items() if use.shared})


def with_alike(graph: ActorGraph, arrays: Collection[str]) -> frozenset[str]:
    """Arrays with those that other actors of the same function have in their place, for their code is the same."""
    places: dict[tuple[str, int], set[str]] = {}
    for actor in graph.actors:
        for position, name in enumerate(actor.arrays):
            places.setdefault((actor.function, position), set()).add(name)
    found = set(arrays)
    while more := {name for names in places.values() if names & found for name in names} - found:
        found |= more
    return frozenset(found)


def watched(function: str, graph: ActorGraph, shared: frozenset[str]) -> frozenset[int]:
    """The positions of a function's array parameters that are shared in any actor running it."""
    return frozenset(
        position
        for actor in graph.actors
        if actor.function == function
        for position, name in enumerate(actor.arrays, start=len(actor.values) + len(actor.channels))
        if name in shared
    )


def _tables(module: ir.Module) -> dict[str, tuple[DType, list[object]]]:
    """The constant arrays of the module, flat, as the engine's values."""
    found: dict[str, tuple[DType, list[object]]] = {}
    for op in module.body.operations:
        if isinstance(op, memref.GlobalOp):
            element = element_of(parse_type(op.attributes["df.type"].value))
            found[op.sym_name.value] = (element, list(table_values(op)))
    return found
