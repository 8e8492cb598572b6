"""Decides for each array of a region what its actors do to it from now on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.ir.function import kernels
from spatial.ir.graph import Actor, ActorGraph, Array
from spatial.ir.mlir import ir
from spatial.lower.hls.interfaces import Bram, Interface
from spatial.lower.hls.legalize.accesses import Touches, touches_of
from spatial.lower.hls.legalize.boxes import Box, Interval, box_size, slices
from spatial.lower.hls.legalize.changes import Change, Read, Write, shape_of_box
from spatial.lower.hls.legalize.errors import EndlessWriter, SharedElements
from spatial.lower.hls.legalize.shares import Use, use_of
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["Plan", "Program", "plan_of", "program_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A module with its graph, and what each of its functions does to its arrays."""

    module: ir.Module
    graph: ActorGraph
    touches: Mapping[str, Touches]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of an array: the changes of its actors, by name.

    Where it is `shared` those take it from distributors (`loads`), or give it to collectors (`stores`), whose tokens
    say what was written where that is not all (`valid`).
    """

    array: Array
    told: str
    changes: Mapping[str, Change]
    loads: bool = False
    stores: bool = False
    valid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An actor's use of an array, with the place that is shown, and whether all of it is used at once."""

    actor: Actor
    use: Use
    span: Span
    entire: bool
    endless: bool


def program_of(module: ir.Module, graph: ActorGraph) -> Program:
    """What is asked about a module, read off it."""
    touches = {function.name.value: touches_of(function) for function in kernels(module)}
    return Program(module=module, graph=graph, touches=touches)


def plan_of(program: Program, array: Array, interface: Interface | None) -> Plan | list[Problem]:
    """What becomes of an array, or why nothing can."""
    seen, changes = [], {}
    for actor, position in positions(program.graph, array.name):
        accesses = program.touches[actor.function].at(position)
        if accesses:
            use = use_of(actor, position, accesses, array.type.shape)
            entire = any(access.indices is None for access in accesses)
            endless = program.touches[actor.function].endless
            seen.append(Seen(actor=actor, use=use, span=accesses[0].span, entire=entire, endless=endless))
        else:
            changes[actor.name] = dropped(actor, position, array)
    if len(seen) == 1:
        change = alone(seen[0], array, interface)
        told = "buffered" if change.buffered else "direct"
        return Plan(array=array, told=told, changes={**changes, change_name(seen[0]): change})
    if not seen:
        return Plan(array=array, told="unused", changes=changes)
    return shared(array, seen, changes)


def positions(graph: ActorGraph, array: str) -> Iterator[tuple[Actor, int]]:
    """The parameters that are bound to an array."""
    for actor in graph.actors:
        for position, name in enumerate(actor.arrays, start=len(actor.values) + len(actor.channels)):
            if name == array:
                yield actor, position


def change_name(seen: Seen) -> str:
    return seen.actor.name


def dropped(actor: Actor, position: int, array: Array) -> Change:
    """A parameter that the function has no use for."""
    box = tuple(Interval(first=0, count=0) for _ in array.type.shape)
    return Change(
        position=position,
        array=array.name,
        type=array.type,
        read=Read.NONE,
        write=Write.NONE,
        box=box,
        entire=False,
        span=actor.span,
    )


def change_of(seen: Seen, array: Array, read: Read, write: Write, box: Box | None = None) -> Change:
    return Change(
        position=seen.use.position,
        array=array.name,
        type=array.type,
        read=read,
        write=write,
        box=seen.use.box if box is None else box,
        entire=seen.entire,
        span=seen.span,
    )


def alone(seen: Seen, array: Array, interface: Interface | None) -> Change:
    """What the only actor that uses an array does."""
    use = seen.use
    if isinstance(interface, Bram) or seen.endless or (use.ordered and contiguous(use.box, array.type.shape)):
        read, write = Read.DIRECT if use.reads else Read.NONE, Write.DIRECT if use.writes else Write.NONE
        return change_of(seen, array, read, write)
    read = Read.COPY if use.reads or not use.covers else Read.NONE
    return change_of(seen, array, read, Write.COPY if use.writes else Write.NONE)


def contiguous(box: Box, shape: Sequence[int]) -> bool:
    """Whether the elements of a box lie side by side in memory."""
    inner = True
    for interval, extent in zip(reversed(box), reversed(shape), strict=True):
        if interval.step != 1 or (not inner and interval.count > 1):
            return False
        inner = inner and interval.count == extent
    return True


def shared(array: Array, seen: Sequence[Seen], changes: Mapping[str, Change]) -> Plan | list[Problem]:
    """What several actors do to an array."""
    writers = [each for each in seen if each.use.writes]
    if problems := [endless_writer(array, each) for each in writers if each.endless]:
        return problems
    apart = None if writers else True
    if writers and (apart := not overlap(array, seen)) is False and (found := clash(array, seen)):
        return [found]
    made = {each.actor.name: share(each, array, apart=bool(apart)) for each in seen}
    made = aligned(made, {each.actor.name: each.actor.function for each in seen})
    stores = [change for change in made.values() if change.write is not Write.NONE]
    masked = any(change.write is Write.MASKED for change in stores)
    covered = sum(box_size(change.box) for change in stores) == array.type.size
    return Plan(
        array=array,
        told="shared",
        changes={**changes, **made},
        loads=any(change.read is not Read.NONE for change in made.values()),
        stores=bool(stores),
        valid=bool(stores) and (masked or not covered),
    )


def endless_writer(array: Array, seen: Seen) -> Problem:
    return EndlessWriter(array=array.name, actor=seen.actor.name, span=seen.span)


def overlap(array: Array, seen: Sequence[Seen]) -> bool:
    """Whether an actor's share has elements that another one writes."""
    owner = np.full(array.type.shape, -1, np.int32)
    for number, each in enumerate(seen):
        if each.use.writes:
            part = owner[slices(each.use.box)]
            if (part >= 0).any():
                return True
            part[...] = number
    return any(
        bool(((part := owner[slices(each.use.box)]) != number)[part >= 0].any()) for number, each in enumerate(seen)
    )


def clash(array: Array, seen: Sequence[Seen]) -> Problem | None:
    """An actor that may write what another one touches."""
    writer = next(each for each in seen if each.use.writes)
    other = next(each for each in seen if each is not writer)
    return SharedElements(
        array=array.name,
        writer=writer.actor.name,
        first=writer.span,
        other=other.actor.name,
        second=other.span,
    )


def share(seen: Seen, array: Array, *, apart: bool) -> Change:
    """What one of several actors does to its share, which is its own if all are `apart`."""
    use = seen.use
    match use.reads, use.writes:
        case True, False:
            return change_of(seen, array, Read.TAKE if use.ordered else Read.FILL, Write.NONE)
        case True, True:
            return change_of(seen, array, Read.FILL, Write.EMPTY if apart else Write.MASKED)
    if apart and use.ordered:
        return change_of(seen, array, Read.NONE, Write.GIVE)
    return change_of(seen, array, Read.NONE, Write.EMPTY if apart and use.covers else Write.MASKED)


def aligned(made: Mapping[str, Change], functions: Mapping[str, str]) -> dict[str, Change]:
    """The changes with shares as large as the greatest of the same function, where that does no harm."""
    groups: dict[object, list[str]] = {}
    for name, change in made.items():
        groups.setdefault((functions[name], change.position, change.read, change.write), []).append(name)
    found = dict(made)
    for names in groups.values():
        boxes = grown([made[name] for name in names])
        found |= {name: resized(made[name], box) for name, box in zip(names, boxes, strict=True)}
    return found


def grown(changes: Sequence[Change]) -> list[Box]:
    """Boxes of one shape, if buffers may be larger than what is needed of them and there is room."""
    boxes = [change.box for change in changes]
    if changes[0].write is Write.EMPTY or not changes[0].buffered or len(set(map(shape_of_box, boxes))) == 1:
        return boxes
    counts = [max(box[axis].count for box in boxes) for axis in range(len(boxes[0]))]
    steps = [{box[axis].step for box in boxes if box[axis].count > 1} for axis in range(len(boxes[0]))]
    if any(step != {1} for step in steps if step):
        return boxes
    shape = changes[0].type.shape
    return [
        tuple(
            Interval(first=min(each.first, extent - count), count=count)
            for each, count, extent in zip(box, counts, shape, strict=True)
        )
        for box in boxes
    ]


def resized(change: Change, box: Box) -> Change:
    return Change(
        position=change.position,
        array=change.array,
        type=change.type,
        read=change.read,
        write=change.write,
        box=box,
        entire=change.entire,
        span=change.span,
    )
