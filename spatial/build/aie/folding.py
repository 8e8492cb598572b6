"""Folds grids of PEs that are larger than an NPU: several PEs share a core."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spatial.build.aie.folded import Folded
from spatial.build.aie.turns import apart, hosted_sets, in_turns
from spatial.device.npu import Npu
from spatial.ir.dialect import context
from spatial.ir.graph import Actor, actor_graph
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.lower.aie.errors import TooManyCores
from spatial.lower.aie.legalize.legalize import Legal, legalize
from spatial.lower.aie.legalize.roles import Role
from spatial.region.program import Program
from spatial.schedule.space.bundling import bundle
from spatial.schedule.space.chaining import chain
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import UNKNOWN

__all__ = ["Form", "folds"]

Groups = list[list[str]]


class Form(NamedTuple):
    """A program that does what another one does, its legal form, and which PEs take turns in it, if any do."""

    program: Program
    legal: Legal
    folded: Folded | None = None


def folds(program: Program, npu: Npu) -> Iterator[Form]:
    """Programs with as many cores as the NPU has at most, made legal: PEs of one kernel that are alike take turns.

    Of PEs along an axis of a grid equally many share a core, by `bundle`, or by `chain` where that is not legal; each
    axis gives another program. One that fits stays as it is. Raises `ProgramError` where no fold is legal.
    """
    legal = legalize(program.module, program.graph, npu)
    cores = [actor for actor in program.graph.actors if _is_core(legal.parts.get(actor.name))]
    if len(cores) <= len(npu.cores):
        yield Form(program, legal)
        return
    why: Problem | None = None
    found = False
    for groups in _groupings(cores, len(npu.cores)):
        try:
            fewer = _folded(program, groups)
        except ProgramError as refused:
            why = why or refused.problems[0]
        else:
            found = True
            yield Form(fewer, legalize(fewer.module, fewer.graph, npu), _told(cores, groups, npu))
    if not found:
        raise ProgramError([_too_many(cores, npu, why)])


def _is_core(part: object) -> bool:
    return getattr(part, "role", None) is Role.CORE


def _folded(program: Program, groups: Groups) -> Program:
    """The program with each group on one core; raises `ProgramError` where one cannot be."""
    with context(), location(UNKNOWN):
        module = copy_of(program.module)
        apart(module, program.graph)
        for group in groups:
            module = _together(module, group)
        return Program(name=program.name, module=module, graph=verify(module))


def _together(module: ir.Module, group: Sequence[str]) -> ir.Module:
    """A module in which some PEs are one actor."""
    tried = copy_of(module)
    graph = actor_graph(tried)
    try:
        sets = hosted_sets(tried, graph, group)
        kernel = bundle(tried, graph, group)
        in_turns(tried, graph, kernel, sets, group)
    except ProgramError:
        tried = copy_of(module)
        chain(tried, actor_graph(tried), group)
    return tried


def _groupings(cores: Sequence[Actor], room: int) -> Iterator[Groups]:
    """Groups that leave so many cores at most: of PEs of one function, beside each other along each axis in turn."""
    classes: dict[str, list[Actor]] = {}
    for actor in cores:
        classes.setdefault(actor.function, []).append(actor)
    most = max(map(len, classes.values()))
    for size in range(2, most + 1):
        if sum(math.ceil(len(each) / size) for each in classes.values()) <= room:
            for axis in range(max(len(actor.pid) for actor in cores)):
                groups = [group for each in classes.values() for group in _cut(_along(each, axis), size)]
                yield [group for group in groups if len(group) > 1]
            return


def _along(actors: Sequence[Actor], axis: int) -> list[str]:
    """The names of PEs, those of a line along an axis beside each other."""

    def place(actor: Actor) -> tuple[int, ...]:
        others = tuple(each for n, each in enumerate(actor.pid) if n != axis)
        return (*others, *actor.pid[axis : axis + 1])

    return [actor.name for actor in sorted(actors, key=place)]


def _cut(names: Sequence[str], size: int) -> Iterator[list[str]]:
    """Parts of as equal a size as can be."""
    count = math.ceil(len(names) / size)
    first = 0
    for part in range(count):
        last = first + (len(names) - first) // (count - part)
        yield list(names[first:last])
        first = last


def _told(cores: Sequence[Actor], groups: Groups, npu: Npu) -> Folded:
    """Which PEs share cores."""
    sharing = {name for group in groups for name in group}
    (kernel, _), *_ = Counter(actor.kernel for actor in cores if actor.name in sharing).most_common()
    grid = [actor for actor in cores if actor.kernel == kernel]
    room = len(npu.cores) - (len(cores) - len(grid))
    return Folded(
        pes=len(cores),
        sharing=len(sharing),
        hosts=len(groups),
        room=len(npu.cores),
        npu=npu.name,
        kernel=kernel,
        fits=_fitting(grid, room) if room > 0 else (),
        span=grid[0].span,
    )


def _too_many(cores: Sequence[Actor], npu: Npu, why: Problem | None) -> TooManyCores:
    kernels: dict[str, list[Actor]] = {}
    for actor in cores:
        kernels.setdefault(actor.kernel, []).append(actor)
    largest = max(kernels.values(), key=len)
    others = len(cores) - len(largest)
    return TooManyCores(
        kernel=largest[0].kernel,
        cores=len(cores),
        room=len(npu.cores),
        npu=npu.name,
        fits=_fitting(largest, len(npu.cores) - others),
        why=why.report().title if why is not None else "no two of them run the same",
        span=largest[0].span,
    )


def _fitting(actors: Sequence[Actor], room: int) -> tuple[int, ...]:
    """The grid nearest to one that has so many PEs at most: its longest axis is halved until it fits."""
    extents = [max(actor.pid[axis] for actor in actors) + 1 for axis in range(len(actors[0].pid))]
    while math.prod(extents) > max(room, 1):
        longest = extents.index(max(extents))
        extents[longest] = math.ceil(extents[longest] / 2)
    return tuple(extents)
