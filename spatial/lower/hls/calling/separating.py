"""Takes a program apart at the calls of its one kernel that starts others."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.ir.dialect import context
from spatial.ir.graph import ActorGraph, actor_graph
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.lower.hls.calling.caller import caller_program
from spatial.lower.hls.calling.groups import Grouped, grouped
from spatial.lower.hls.calling.parts import Called, Part, Parts
from spatial.lower.hls.calling.region import group_region
from spatial.lower.hls.emit.names import LIBRARY
from spatial.lower.hls.emit.names import Names as Identifiers
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.legalize.names import Names
from spatial.source.span import UNKNOWN

__all__ = ["Separated", "separated"]


@dataclass(frozen=True, kw_only=True)
class Separated:
    """The parts of a program as they are, and the `names` that none of them has."""

    parts: Parts
    names: Names


def separated(module: ir.Module, graph: ActorGraph, interfaces: Mapping[str, Interface]) -> Separated | None:
    """The parts of a program, which is untouched; None where it does not fall apart."""
    found = grouped(module, graph)
    if found is None:
        return None
    with context(), location(UNKNOWN):
        return _separated(module, graph, interfaces, found)


def _separated(module: ir.Module, graph: ActorGraph, interfaces: Mapping[str, Interface], found: Grouped) -> Separated:
    names, words = Names(graph), _words(graph, found)
    made = caller_program(module, graph, words)
    caller = Part(module=made, graph=actor_graph(made), interfaces=interfaces)
    called, used = [], {caller.graph.actors[0].function}
    for group, word in zip(found.groups, words, strict=True):
        region = group_region(module, graph, group, names.new(f"{word}.region"), names, used)
        called.append(
            Called(
                module=region,
                graph=actor_graph(region),
                interfaces={},
                name=word,
                path=group.path,
                given=tuple(group.parameters),
            )
        )
    return Separated(parts=Parts(caller=caller, called=tuple(called)), names=names)


def _words(graph: ActorGraph, found: Grouped) -> list[str]:
    """What each group's function is called in C++."""
    names = Identifiers()
    names.fresh(graph.name)
    return [names.fresh(f"{group.name}_region" if group.name in LIBRARY else group.name) for group in found.groups]
