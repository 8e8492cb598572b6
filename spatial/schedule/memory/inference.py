"""Cuts all arrays of a program into the banks that their accesses need, alike wherever they are given."""

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from spatial.analysis.layout.classes import Asked, Classes
from spatial.analysis.layout.inference import Name, infer_layouts, memory_in
from spatial.ir.graph import ActorGraph
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir
from spatial.schedule.errors import NotPossible
from spatial.schedule.memory.partition import BANKS
from spatial.schedule.memory.requests import buffer_name
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import Span, caller_span
from spatial.types.layout import Layout, whole

__all__ = ["Needed", "infer", "needed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """An array, how it is cut, and the least layout that serves all who use it; `why` says who asks, and where.

    It is the program's array of the `name`, or a local one of the `function`; `memories` are what functions call it.
    """

    name: str
    function: str
    memories: tuple[ir.Value, ...]
    given: Layout
    layout: Layout
    why: tuple[tuple[Span, str], ...]


def needed(module: ir.Module, graph: ActorGraph) -> list[Needed]:
    """What each array needs, in the order in which functions use them."""
    return _rows(module, graph, infer_layouts(module, graph))


def infer(module: ir.Module, graph: ActorGraph, kept: Collection[ir.Value] = ()) -> None:
    """Cuts each array as the least layout that serves its accesses, and all who share it.

    What was said before stays. Arrays in `kept` must do as they are cut. Raises `ProgramError` with each that does
    not, who asks for more, and by which calls; and with each that needs too many banks.
    """
    classes = infer_layouts(module, graph)
    rows = _rows(module, graph, classes)
    short = [(row, [each for each in row.memories if each in kept]) for row in rows if row.given != row.layout]
    problems: list[Problem] = [_short(row, memories[0], classes) for row, memories in short if memories]
    problems += [_too_many(row) for row in rows if row.layout.banks > BANKS]
    if problems:
        raise ProgramError(problems)
    for row in rows:
        for memory in row.memories:
            give_layout(memory, row.layout)


def _rows(module: ir.Module, graph: ActorGraph, classes: Classes[Name]) -> list[Needed]:
    operations = [op for op in module.body.operations if isinstance(op, func.FuncOp) and not op.is_external]
    arrays: dict[Name, str] = {}
    for name in graph.memory_types:
        arrays.setdefault(classes.home(name), name)
    groups: dict[Name, list[tuple[str, ir.Value]]] = {}
    for function in operations:
        for memory in memory_in(function) if "df.region" not in function.attributes else ():
            groups.setdefault(classes.home(memory), []).append((function.name.value, memory))
    return [_needed(arrays.get(home), users, classes) for home, users in groups.items()]


def _needed(array: str | None, users: Sequence[tuple[str, ir.Value]], classes: Classes[Name]) -> Needed:
    function, memory = users[0]
    nothing = whole(memory.type.shape)
    given = functools.reduce(Layout.join, (layout_of(each) or nothing for _, each in users))
    why = ((each.span, each.why) for each in classes.demands(memory) if each.why)
    return Needed(
        name=array or buffer_name(memory),
        function="" if array else function,
        memories=tuple(each for _, each in users),
        given=given,
        layout=classes.layout(memory) or nothing,
        why=tuple(dict.fromkeys(why)),
    )


def _short(row: Needed, memory: ir.Value, classes: Classes[Name]) -> NotPossible:
    """An array that is to stay as it is, and one who asks for more, with the way there."""
    asked = next(each for each in classes.demands(memory) if not row.given.serves(each.layout))
    name = row.name
    ways = [(each.span, f"given on as `{buffer_name(each.inner)}` here") for each in classes.way(memory, asked.memory)]
    return NotPossible(
        title=f"`{name}` is to stay {row.given}, its accesses need {row.layout}",
        span=caller_span(),
        places=((span_of(memory.location), "declared here"), *ways, (asked.span, _told(asked))),
        hint=f'leave `"{name}"` out of `keep`, or let fewer accesses happen at once',
    )


def _told(asked: Asked[Name]) -> str:
    return f"{asked.why}, which needs {asked.layout}"


def _too_many(row: Needed) -> NotPossible:
    return NotPossible(
        title=f"`{row.name}` needs {row.layout.banks:,} banks, at most {BANKS:,} are possible",
        span=caller_span(),
        places=((span_of(row.memories[0].location), f"it would be cut as {row.layout}"), *row.why),
        hint="unroll less, or work on a copy of a part: `buffer_at`",
    )
