"""What becomes of the arrays of a program whose cores use them directly."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import networkx
import numpy as np

from spatial.device.npu import Npu
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.lower.aie.errors import HandedArray, LargeWindow, SharedElements
from spatial.lower.aie.legalize.roles import Part, Role
from spatial.lower.aie.mapping.sizes import bytes_of
from spatial.lower.aie.movers.stores import surely_apart
from spatial.lower.hls.legalize.boxes import Box, Interval
from spatial.lower.hls.legalize.changes import Change, Read, Write
from spatial.lower.hls.legalize.plan import dropped
from spatial.lower.hls.legalize.seen import Seen, Shared, memory_of, program_of, users
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["Found", "changes_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The changes of each actor, by name, and why some arrays allow none."""

    changes: Mapping[str, list[Change]]
    problems: Sequence[Problem]


def changes_of(module: ir.Module, graph: ActorGraph, parts: Mapping[str, Part], npu: Npu) -> Found:
    """Which windows cores have: boxes around all that each of them touches of an array."""
    program = program_of(module, graph)
    changes: dict[str, list[Change]] = {actor.name: [] for actor in graph.actors}
    problems: list[Problem] = []
    for array in memory_of(graph):
        seen: list[Seen] = []
        for each in users(program, array):
            if isinstance(each, Seen):
                seen.append(each)
            elif parts[each[0].name].role is Role.CORE:
                changes[each[0].name].append(dropped(*each, array))
        wrong = list(_shared(array, seen, parts, graph))
        problems += wrong
        if array.owned or wrong:
            continue
        for use in seen:
            if parts[use.actor.name].role is Role.CORE:
                change = _window(array, use)
                problems += _large(change, use, npu)
                changes[use.actor.name].append(change)
    return Found(changes=changes, problems=problems)


def _window(array: Shared, seen: Seen) -> Change:
    """What a core does to an array from now on."""
    reads = seen.use.reads or not seen.use.covers
    return array.change(seen, Read.BLOCK if reads else Read.NONE, Write.BLOCK if seen.use.writes else Write.NONE)


def _large(change: Change, seen: Seen, npu: Npu) -> list[Problem]:
    """Whether a window is larger than the memory of a core."""
    size, room = bytes_of(change.token), npu.core.memory - npu.core.stack
    if size <= room:
        return []
    return [LargeWindow(array=change.array, actor=seen.actor.name, size=size, room=room, npu=npu.name, span=seen.span)]


def _shared(array: Shared, seen: Sequence[Seen], parts: Mapping[str, Part], graph: ActorGraph) -> list[Problem]:
    """Why several actors cannot use an array: elements that one writes another one touches."""
    apart = _apart(array.name, [parts[each.actor.name] for each in seen if each.use.writes])
    for writer, other in itertools.permutations(seen, 2):
        if not writer.use.writes:
            continue
        if other.use.writes and not apart and _meet(_changed(writer), _changed(other)):
            return [SharedElements(**_places(array, writer, other))]
        if other.use.reads and _meet(_changed(writer), other.use.box):
            return [HandedArray(**_places(array, writer, other), before=_only_before(graph, other, writer))]
    return []


def _apart(array: str, writers: Sequence[Part]) -> bool:
    """Whether all that write are movers, of which each element is known, and none is written twice."""
    if not all(part.role is Role.HOST and part.moves is not None for part in writers):
        return False
    moved = [
        each
        for part in writers
        if part.moves is not None
        for place, found in part.moves.stores.items()
        if part.array(place) == array
        for each in found
    ]
    if not moved or surely_apart(moved):
        return True
    return int(np.bincount(np.concatenate([each.all_targets for each in moved])).max()) == 1


def _changed(seen: Seen) -> Box:
    """What an actor writes, once its window is written back as a whole."""
    return seen.use.written if seen.use.covers or seen.use.written == seen.use.box else seen.use.box


class Places(TypedDict):
    """Where two actors touch an array."""

    array: str
    writer: str
    first: Span
    other: str
    second: Span


def _places(array: Shared, writer: Seen, other: Seen) -> Places:
    return Places(
        array=array.name, writer=writer.actor.name, first=writer.span, other=other.actor.name, second=other.span
    )


def _only_before(graph: ActorGraph, first: Seen, second: Seen) -> bool:
    """Whether channels lead from one actor to another, and none back."""
    ends = first.actor.name, second.actor.name
    return networkx.has_path(graph.network, *ends) and not networkx.has_path(graph.network, *reversed(ends))


def _meet(left: Box, right: Box) -> bool:
    """Whether two boxes have an element in common."""
    return all(_cross(a, b) for a, b in zip(left, right, strict=True))


def _cross(left: Interval, right: Interval) -> bool:
    """Whether two intervals have an index in common."""
    if left.count == 0 or right.count == 0 or left.first > right.last or right.first > left.last:
        return False
    if (left.first - right.first) % math.gcd(left.step, right.step):
        return False
    if left.step == right.step == 1:
        return True
    return not set(range(left.first, left.last + 1, left.step)).isdisjoint(
        range(right.first, right.last + 1, right.step)
    )
