"""`legalize`: from any program to one of cores, which use channels and what is theirs, and of movers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from spatial.device.npu import Npu
from spatial.ir.dialect import context
from spatial.ir.graph import ActorGraph, actor_graph
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.lower.aie.legalize.arrays import changes_of
from spatial.lower.aie.legalize.idle import drop_idle
from spatial.lower.aie.legalize.programs import check_program
from spatial.lower.aie.legalize.roles import Part, parts_of
from spatial.lower.aie.legalize.windows import add_windows
from spatial.source.errors import ProgramError
from spatial.source.span import UNKNOWN

__all__ = ["Legal", "legalize", "parts_after"]


@dataclass(frozen=True, kw_only=True)
class Legal:
    """A program in which cores use no array of the host, and what each of its actors is, by name."""

    module: ir.Module = field(repr=False)
    graph: ActorGraph = field(repr=False)
    parts: Mapping[str, Part] = field(repr=False)


def legalize(module: ir.Module, graph: ActorGraph, npu: Npu) -> Legal:
    """A program that does the same, in which each actor is a core or a mover; the given one is untouched.

    Raises `ProgramError` with everything that cannot be made so.
    """
    if problems := check_program(module, graph):
        raise ProgramError(problems)
    with context(), location(UNKNOWN):
        made = copy_of(module)
        known = actor_graph(made)
        before = parts_of(made, known)
        if drop_idle(made, known, before):
            known = actor_graph(made)
            before = parts_of(made, known)
        found = changes_of(made, known, before, npu)
        if found.problems:
            raise ProgramError(found.problems)
        add_windows(made, known, found.changes)
        graph = verify(made)
        return Legal(module=made, graph=graph, parts=parts_after(made, graph, before))


def parts_after(module: ir.Module, graph: ActorGraph, before: Mapping[str, Part]) -> Mapping[str, Part]:
    """The parts once there are windows: what was a core is one still, also where it only copies between its windows."""
    new = {actor.name for actor in graph.actors} - before.keys()
    found = parts_of(module, graph, new)
    for actor in graph.actors:
        if (part := before.get(actor.name)) is not None:
            found[actor.name] = replace(part, actor=actor)
    return {actor.name: found[actor.name] for actor in graph.actors}
