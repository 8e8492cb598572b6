"""`legalize`: from any program to one of cores, which use channels and what is theirs, and of movers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
from spatial.lower.aie.legalize.roles import Part, Role, parts_of
from spatial.lower.aie.legalize.windows import add_windows
from spatial.lower.aie.movers.tracing import NoMover
from spatial.source.errors import ProgramError
from spatial.source.span import UNKNOWN

__all__ = ["Legal", "legalize"]


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
        drop_idle(made, graph)
        known = actor_graph(made)
        before = parts_of(made, known)
        found = changes_of(made, known, before, npu)
        if found.problems:
            raise ProgramError(found.problems)
        add_windows(made, known, found.changes)
        graph = verify(made)
        cores = {name: part.why for name, part in before.items() if part.role is Role.CORE}
        parts = {name: _kept(part, cores) for name, part in parts_of(made, graph).items()}
        return Legal(module=made, graph=graph, parts=parts)


def _kept(part: Part, cores: Mapping[str, NoMover | None]) -> Part:
    """A part that is a core still where it was one: what only copies between its windows does so too."""
    name = part.actor.name
    return Part(actor=part.actor, role=Role.CORE, why=cores[name]) if name in cores else part
