"""The calls of a top function, found in the actor graph: a loop nest for as many actors as possible."""

import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from spatial.ir.graph import Actor, ActorGraph
from spatial.lower.hls.emit.boxes import Box, Point, boxes_of
from spatial.lower.hls.emit.order import Calls, ordered
from spatial.lower.hls.emit.variables import Place, split_name

__all__ = ["Argument", "Call", "calls_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What a parameter is bound to in all calls of a box: an element of the variable with this name.

    It has as many indices as `count`, numbers of the box from `first` on. Where it is bound to no variable, number
    `first` is its value, or `constant` is.
    """

    variable: str | None
    first: int
    count: int
    constant: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Calls of a function in a loop nest, with the argument of each parameter."""

    calls: Calls
    arguments: tuple[Argument, ...]


Numbers = tuple[int, ...]
Shape = tuple[tuple[str | None, int, float | None], ...]
Entry = tuple[Shape, Numbers]


def calls_of(graph: ActorGraph, places: Mapping[str, Place], idle: Collection[str]) -> tuple[list[Call], bool]:
    """All actors in calls, producers first, and whether some feed each other in a cycle.

    `places` are where channels, arrays and scalars are, by their names. Actors whose functions are `idle` are left out.
    """
    families: dict[tuple[str, str, int], dict[Point, Actor]] = {}
    for actor in graph.actors:
        if actor.function not in idle:
            base, indices = split_name(actor.kernel, actor.pid)
            families.setdefault((actor.function, base, len(indices)), {})[indices] = actor
    entries = {actor.name: _entry(actor, places) for actor in graph.actors if actor.function not in idle}
    calls: list[Calls] = []
    for members in families.values():
        boxes = boxes_of({point: entries[actor.name] for point, actor in members.items()})
        calls += (_calls(box, members) for box in boxes)
    edges = ((c.writer.actor, c.reader.actor) for c in graph.channels if c.writer and c.reader)
    found = ordered(calls, edges, lambda name: _single(graph.actor[name], entries[name][1]))
    return [Call(calls=each, arguments=_arguments(entries[each.actors[0]][0])) for each in found.calls], found.feedback


def _entry(actor: Actor, places: Mapping[str, Place]) -> Entry:
    """What each parameter is bound to, which the calls of a box have in common, and the numbers that may differ."""
    shape: list[tuple[str | None, int, float | None]] = []
    numbers: list[int] = []
    for value in actor.values:
        if isinstance(value, int):
            shape.append((None, 1, None))
            numbers.append(value)
        else:
            shape.append((None, 0, value))
    for name in (*actor.channels, *actor.arrays):
        place = places[name]
        shape.append((place.variable, len(place.indices), None))
        numbers += place.indices
    return tuple(shape), tuple(numbers)


def _arguments(shape: Shape) -> tuple[Argument, ...]:
    """The arguments of calls, each with the numbers that are its own."""
    firsts = itertools.accumulate((count for _, count, _ in shape), initial=0)
    return tuple(
        Argument(variable=variable, first=first, count=count, constant=constant)
        for (variable, count, constant), first in zip(shape, firsts, strict=False)
    )


def _calls(box: Box, members: Mapping[Point, Actor]) -> Calls:
    actors = [members[point] for point in box.points()]
    return Calls(function=actors[0].function, actors=tuple(actor.name for actor in actors), box=box, nest=box.axes)


def _single(actor: Actor, numbers: Numbers) -> Calls:
    """The call of an actor alone."""
    _, point = split_name(actor.kernel, actor.pid)
    once = (1,) * len(point)
    slopes = ((0,) * len(numbers),) * len(point)
    box = Box(origin=point, steps=once, counts=once, numbers=numbers, slopes=slopes)
    return Calls(function=actor.function, actors=(actor.name,), box=box, nest=())
