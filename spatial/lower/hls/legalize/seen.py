"""Who uses the memory of a program, and how."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spatial.ir.function import kernels
from spatial.ir.graph import Actor, ActorGraph, Channel
from spatial.ir.mlir import ir
from spatial.lower.hls.legalize.accesses import Touches, touches_of
from spatial.lower.hls.legalize.boxes import Box
from spatial.lower.hls.legalize.changes import Change, Read, Write
from spatial.lower.hls.legalize.shares import Use, use_of
from spatial.source.span import Span
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, shape_of

__all__ = ["Program", "Seen", "Shared", "memory_of", "program_of", "users"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A module with its graph, what each of its functions does to its arrays, and the channels between two actors."""

    module: ir.Module
    graph: ActorGraph
    touches: Mapping[str, Touches]
    channels: Mapping[tuple[str, str], list[Channel]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An actor's use of memory, with the place that is shown, and whether all of it is used at once.

    It is `banked` if the function cuts it into banks.
    """

    actor: Actor
    use: Use
    span: Span
    entire: bool
    endless: bool
    banked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Memory that actors are given: a parameter of the region, or the module's own, with its first values then.

    `storage` says what it is bound to, if anything.
    """

    name: str
    type: TensorType | DType
    owned: bool = False
    initial: tuple[int | float, ...] = ()
    stateful: bool = False
    storage: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its extents."""
        return tuple(shape_of(self.type))

    def change(self, seen: Seen, read: Read, write: Write, box: Box | None = None) -> Change:
        """What an actor does to it from now on."""
        return Change(
            position=seen.use.position,
            array=self.name,
            type=self.type,
            read=read,
            write=write,
            box=seen.use.box if box is None else box,
            entire=seen.entire,
            span=seen.span,
            initial=self.initial if self.owned else (),
            storage=self.storage,
        )


def program_of(module: ir.Module, graph: ActorGraph) -> Program:
    """What is asked about a module, read off it."""
    touches = {function.name.value: touches_of(function) for function in kernels(module)}
    channels: dict[tuple[str, str], list[Channel]] = {}
    for each in graph.channels:
        if each.writer is not None and each.reader is not None:
            channels.setdefault((each.writer.actor, each.reader.actor), []).append(each)
    return Program(module=module, graph=graph, touches=touches, channels=channels)


def memory_of(graph: ActorGraph) -> list[Shared]:
    """All memory of a program, in the order of the declarations, but for scalars that it is given."""
    given = [Shared(name=array.name, type=array.type, storage=array.storage) for array in graph.arrays]
    own = [
        Shared(
            name=each.name,
            type=each.type,
            owned=True,
            initial=each.initial,
            stateful=each.stateful,
            storage=each.storage,
        )
        for each in graph.memories
    ]
    return given + own


def users(program: Program, shared: Shared) -> Iterator[Seen | tuple[Actor, int]]:
    """The uses of all actors that are given some memory; an actor and a position where it is not used at all."""
    for actor in program.graph.actors:
        if shared.name not in actor.arrays:
            continue
        position = len(actor.values) + len(actor.channels) + actor.arrays.index(shared.name)
        accesses = program.touches[actor.function].at(position)
        if not accesses:
            yield actor, position
            continue
        yield Seen(
            actor=actor,
            use=use_of(actor, position, accesses, shared.shape),
            span=accesses[0].span,
            entire=any(access.indices is None for access in accesses),
            endless=program.touches[actor.function].endless,
            banked=position in program.touches[actor.function].banked,
        )
