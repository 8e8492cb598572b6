"""Decides for each array of a region what its actors do to it from now on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.ir.graph import Actor
from spatial.lower.hls.interfaces import Bram, Interface
from spatial.lower.hls.legalize.boxes import Box, Interval, box_size, slices
from spatial.lower.hls.legalize.changes import Change, Read, Write, shape_of_box
from spatial.lower.hls.legalize.elements import apart
from spatial.lower.hls.legalize.errors import ArrayTooLarge, EndlessWriter, SharedElements
from spatial.lower.hls.legalize.handing import handed_on
from spatial.lower.hls.legalize.seen import Program, Seen, Shared, users
from spatial.lower.hls.legalize.turns import turns
from spatial.source.report import Problem
from spatial.types.tensor import element_of, shape_of, size_of

__all__ = ["Plan", "plan_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of an array: the changes of its actors, by name.

    Where it is shared those take it from distributors (`loads`), or give it to collectors (`stores`), whose tokens
    say what was written where that is not all (`valid`). If it is `streamed` the actors' elements pass in turns, in the
    order in which each uses them, and wait in no buffer. Memory of the module's own is not `needed` where its actors
    have buffers instead. It `fills` the array if all of it is written and nothing read.
    """

    array: Shared
    told: str
    changes: Mapping[str, Change]
    loads: bool = False
    stores: bool = False
    valid: bool = False
    streamed: bool = False
    needed: bool = True
    fills: bool = False


def plan_of(program: Program, array: Shared, interface: Interface | None, room: int) -> Plan | list[Problem]:
    """What becomes of an array, or why nothing can; there is `room` for so many bits of it."""
    seen: list[Seen] = []
    changes: dict[str, Change] = {}
    for each in users(program, array):
        if isinstance(each, Seen):
            seen.append(each)
        else:
            changes[each[0].name] = dropped(*each, array)
    if not seen:
        return Plan(array=array, told="unused", changes=changes, needed=False)
    if len(seen) == 1:
        change = alone(seen[0], array, interface, room)
        return Plan(
            array=array,
            told="buffered" if change.buffered else "direct",
            changes={**changes, seen[0].actor.name: change},
            fills=not seen[0].use.reads and seen[0].use.covers and box_size(change.box) == size_of(array.type),
        )
    if array.owned and not any(each.use.writes for each in seen):
        made = {each.actor.name: array.change(each, Read.TABLE, Write.NONE) for each in seen}
        return Plan(array=array, told="constant", changes={**changes, **made}, needed=False)
    found = shared(program, array, seen, changes)
    if isinstance(found, list) or bits_of(found) <= room:
        return found
    return streamed(found, seen, room)


def dropped(actor: Actor, position: int, array: Shared) -> Change:
    """A parameter that the function has no use for."""
    return Change(
        position=position,
        array=array.name,
        type=array.type,
        read=Read.NONE,
        write=Write.NONE,
        box=tuple(Interval(first=0, count=0) for _ in array.shape),
        entire=False,
        span=actor.span,
    )


def alone(seen: Seen, array: Shared, interface: Interface | None, room: int) -> Change:
    """What the only actor that uses an array does."""
    use = seen.use
    large = box_size(use.box) * element_of(array.type).bits > room
    in_place = array.owned or isinstance(interface, Bram) or seen.endless or large
    if in_place or (not seen.banked and use.ordered and contiguous(use.box, array.shape)):
        return array.change(seen, Read.DIRECT if use.reads else Read.NONE, Write.DIRECT if use.writes else Write.NONE)
    read = Read.COPY if use.reads or not use.covers else Read.NONE
    return array.change(seen, read, Write.COPY if use.writes else Write.NONE)


def contiguous(box: Box, shape: Sequence[int]) -> bool:
    """Whether the elements of a box lie side by side in memory."""
    inner = True
    for interval, extent in zip(reversed(box), reversed(shape), strict=True):
        if interval.step != 1 or (not inner and interval.count > 1):
            return False
        inner = inner and interval.count == extent
    return True


def shared(
    program: Program, array: Shared, seen: Sequence[Seen], changes: Mapping[str, Change]
) -> Plan | list[Problem]:
    """What several actors do to an array."""
    if not array.owned and (problems := endless_writers(array, seen)):
        return problems
    made = changes_of(program, array, seen)
    if isinstance(made, list):
        return made
    made = aligned(made, {each.actor.name: each.actor.function for each in seen})
    if array.owned:
        return Plan(array=array, told="handed on", changes={**changes, **made}, needed=False)
    handing = any(change.hands for change in made.values())
    stores = [change for change in made.values() if change.write is not Write.NONE]
    masked = any(change.write is Write.MASKED for change in stores)
    covered = sum(box_size(change.box) for change in stores) == size_of(array.type)
    return Plan(
        array=array,
        told="handed on" if handing else "shared",
        changes={**changes, **made},
        loads=any(change.read is not Read.NONE for change in made.values()),
        stores=bool(stores),
        valid=bool(stores) and (masked or not covered),
        fills=covered and not masked and all(change.read is Read.NONE for change in made.values()),
    )


def changes_of(program: Program, array: Shared, seen: Sequence[Seen]) -> dict[str, Change] | list[Problem]:
    """What each of several actors does, or why nothing can be done."""
    clear = not overlap(array, seen, touched=True)
    if not array.owned and (clear or apart(program, array, seen)):
        return {each.actor.name: share(each, array, clear=clear) for each in seen}
    if overlap(array, seen, touched=False) and (found := clash(array, seen)):
        return [found]
    return handed_on(program, array, seen)


def bits_of(plan: Plan) -> int:
    """What is held of an array at the most, in buffers and in channels that are some."""
    held = sum(box_size(change.box) for change in plan.changes.values() if not change.direct)
    return held * element_of(plan.array.type).bits


def streamed(plan: Plan, seen: Sequence[Seen], room: int) -> Plan | list[Problem]:
    """The plan of an array of which there is no room for all shares, or why it cannot be had without them."""
    changes = [
        change for change in plan.changes.values() if change.read is not Read.NONE or change.write is not Write.NONE
    ]
    modes = {(change.read, change.write, shape_of_box(change.box)) for change in changes}
    ways = ((Read.TAKE, Write.NONE), (Read.NONE, Write.GIVE))
    if len(modes) == 1 and next(iter(modes))[:2] in ways and turns(changes) is not None:
        return replace(plan, told="streamed", streamed=True)
    return [ArrayTooLarge(array=plan.array.name, bits=bits_of(plan), room=room, span=seen[0].span)]


def endless_writers(array: Shared, seen: Sequence[Seen]) -> list[Problem]:
    """The writers whose parts cannot be collected, one for each function."""
    writers = {each.actor.function: each for each in seen if each.use.writes and each.endless}
    return [EndlessWriter(array=array.name, actor=each.actor.name, span=each.span) for each in writers.values()]


def overlap(array: Shared, seen: Sequence[Seen], *, touched: bool) -> bool:
    """Whether two actors may write an element; if `touched`, whether one may touch what another one may write."""
    owner = np.full(array.shape, -1, np.int32)
    for number, each in enumerate(seen):
        part = owner[slices(each.use.written)]
        if (part >= 0).any():
            return True
        owner[slices(each.use.written)] = number
    parts = ((number, owner[slices(each.use.box)]) for number, each in enumerate(seen) if touched)
    return any(bool(((part != number) & (part >= 0)).any()) for number, part in parts)


def clash(array: Shared, seen: Sequence[Seen]) -> Problem | None:
    """Two actors that may write the same elements."""
    writers = [each for each in seen if each.use.writes]
    for number, other in enumerate(writers):
        for writer in writers[:number]:
            if overlap(array, [writer, other], touched=False):
                return SharedElements(
                    array=array.name,
                    writer=writer.actor.name,
                    first=writer.span,
                    other=other.actor.name,
                    second=other.span,
                )
    return None


def share(seen: Seen, array: Shared, *, clear: bool) -> Change:
    """What one of several actors does to its share.

    Nobody else touches what it writes, and has it in its share neither if all are `clear`.
    """
    use = seen.use
    match use.reads, use.writes:
        case True, False:
            return array.change(seen, Read.TAKE if use.ordered else Read.FILL, Write.NONE)
        case True, True:
            return array.change(seen, Read.FILL, Write.EMPTY if clear and use.box == use.written else Write.MASKED)
    if clear and use.ordered:
        return array.change(seen, Read.NONE, Write.GIVE)
    return array.change(seen, Read.NONE, Write.EMPTY if clear and use.covers else Write.MASKED)


def aligned(made: Mapping[str, Change], functions: Mapping[str, str]) -> dict[str, Change]:
    """The changes with shares as large as the greatest of the same function, where that does no harm."""
    groups: dict[object, list[str]] = {}
    for name, change in made.items():
        groups.setdefault((functions[name], change.position, change.read, change.write), []).append(name)
    found = dict(made)
    for names in groups.values():
        boxes = grown([made[name] for name in names])
        pairs = ((name, box) for name, box in zip(names, boxes, strict=True) if box is not made[name].box)
        found |= {name: replace(made[name], box=box) for name, box in pairs}
    return found


def grown(changes: Sequence[Change]) -> list[Box]:
    """Boxes of one shape, if buffers may be larger than what is needed of them and there is room."""
    boxes = [change.box for change in changes]
    fixed = changes[0].write is Write.EMPTY or not changes[0].buffered or any(change.hands for change in changes)
    if fixed or len(set(map(shape_of_box, boxes))) == 1:
        return boxes
    counts = [max(box[axis].count for box in boxes) for axis in range(len(boxes[0]))]
    steps = [{box[axis].step for box in boxes if box[axis].count > 1} for axis in range(len(boxes[0]))]
    if any(step != {1} for step in steps if step):
        return boxes
    return [
        tuple(
            Interval(first=min(each.first, extent - count), count=count)
            for each, count, extent in zip(box, counts, shape_of(changes[0].type), strict=True)
        )
        for box in boxes
    ]
