"""Which actors of a program are cores, and which only move what they get."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from spatial.ir.function import kernels
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.mlir import ir
from spatial.lower.aie.movers.steps import Program, program_of
from spatial.lower.aie.movers.stored import stored
from spatial.lower.aie.movers.tokens import Tokens
from spatial.lower.aie.movers.tracing import NoMover, Traced, traced

__all__ = ["Part", "Role", "parts_of"]


class Role(Enum):
    """What an actor is on an NPU."""

    CORE = "core"
    HOST = "moves between arrays and channels"
    PASS = "moves between channels"
    DRAIN = "drops what it gets"
    IDLE = "does nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An actor's role; what it `moves` where it is a mover, with where in arrays the tokens go that it gets.

    `why` says why it is none.
    """

    actor: Actor
    role: Role
    moves: Traced | None = None
    stores: Mapping[int, Tokens] | None = None
    why: NoMover | None = None

    def channel(self, position: int) -> str:
        """The channel that it is given at a position of its function's parameters."""
        return self.actor.channels[position - len(self.actor.values)]

    def array(self, position: int) -> str:
        """The array that it is given at a position."""
        return self.actor.arrays[position - len(self.actor.values) - len(self.actor.channels)]


def parts_of(module: ir.Module, graph: ActorGraph, only: Collection[str] | None = None) -> dict[str, Part]:
    """The roles of actors, by name: of all, or of those whose names are given."""
    asked = [actor for actor in graph.actors if only is None or actor.name in only]
    used = {actor.function for actor in asked}
    programs = {each.name.value: program_of(each) for each in kernels(module) if each.name.value in used}
    hosted = {array.name for array in graph.arrays}
    return {actor.name: _part(graph, actor, programs[actor.function], hosted) for actor in asked}


def _part(graph: ActorGraph, actor: Actor, program: Program, hosted: Collection[str]) -> Part:
    if own := next((name for name in actor.arrays if name not in hosted), None):
        return Part(actor=actor, role=Role.CORE, why=NoMover(why=f"uses `{own}`", span=actor.span))
    moves = traced(program, actor)
    if isinstance(moves, NoMover):
        return Part(actor=actor, role=Role.CORE, why=moves)
    if not moves.puts and not moves.gets:
        role = Role.CORE if moves.stores else Role.IDLE
        return Part(actor=actor, role=role, why=NoMover(why="moves from array to array", span=actor.span))
    stores = stored(moves, program.sizes)
    if isinstance(stores, str):
        return Part(actor=actor, role=Role.CORE, why=NoMover(why=stores, span=actor.span))
    if not moves.puts and not stores:
        return Part(actor=actor, role=Role.DRAIN, moves=moves)
    role = _role(actor, moves, stores)
    if role is Role.HOST and (begins := next((n for n in actor.channels if graph.channel[n].initial), None)):
        return Part(
            actor=actor, role=Role.CORE, why=NoMover(why=f"uses `{begins}`, which begins with tokens", span=actor.span)
        )
    if role is Role.CORE:
        why = NoMover(why="puts what arrays hold and what it gets", span=actor.span)
        return Part(actor=actor, role=role, why=why)
    return Part(actor=actor, role=role, moves=moves, stores=stores)


def _role(actor: Actor, moves: Traced, stores: Mapping[int, Tokens]) -> Role:
    """Of arrays and channels, what a mover moves between; a core where one sequence mixes them."""
    first = len(actor.values) + len(actor.channels)
    of_arrays = [all(source >= first for source in tokens.sources) for tokens in moves.puts.values()]
    of_channels = [all(source < first for source in tokens.sources) for tokens in moves.puts.values()]
    used = {source for tokens in moves.puts.values() for source in tokens.sources} | stores.keys()
    if not moves.gets.keys() <= used:
        return Role.CORE
    if all(of_arrays):
        return Role.CORE if moves.endless else Role.HOST
    return Role.PASS if all(of_channels) and not moves.stores else Role.CORE
