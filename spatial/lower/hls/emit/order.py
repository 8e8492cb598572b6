"""Brings calls into an order in which each runs behind those whose tokens it takes, loops included."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product

import networkx

from spatial.lower.hls.emit.boxes import Box, Point

__all__ = ["Calls", "Edge", "Ordered", "ordered"]

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls of a function for `actors`, which lie on the points of a box in order.

    They are made in loops over the axes in `nest`, the outer first, those of `down` from the end on.
    """

    function: str
    actors: tuple[str, ...]
    box: Box
    nest: tuple[int, ...]
    down: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Calls in order; with `feedback` no order has all producers first, since processes feed each other in a cycle."""

    calls: tuple[Calls, ...]
    feedback: bool


def ordered(calls: Sequence[Calls], edges: Iterable[Edge], single: Callable[[str], Calls]) -> Ordered:
    """The calls, producers first; `edges` run from the actor that writes a channel to the one that reads it.

    Where no order of the loops will do, `single` gives the call of one actor. Processes on a cycle stay as they are.
    """
    owner, point = _owners(calls)
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(len(calls)))
    inner: dict[int, set[Point]] = {}
    edges = [(writer, reader) for writer, reader in edges if writer in owner and reader in owner]
    for writer, reader in edges:
        first, second = owner[writer], owner[reader]
        if first != second:
            graph.add_edge(first, second)
        else:
            inner.setdefault(first, set()).add(_distance(point[writer], point[reader]))
    found: list[Calls] = []
    feedback = False
    for group in _groups(graph):
        members = [calls[number] for number in group]
        placed = _placed(members, inner.get(group[0], set()), edges, single)
        feedback = feedback or placed is None
        found += members if placed is None else placed
    return Ordered(calls=tuple(found), feedback=feedback)


def _owners(calls: Sequence[Calls]) -> tuple[dict[str, int], dict[str, Point]]:
    """The call that each actor is in, by its number, and the actor's point."""
    owner: dict[str, int] = {}
    point: dict[str, Point] = {}
    for number, each in enumerate(calls):
        owner.update(dict.fromkeys(each.actors, number))
        point.update(zip(each.actors, each.box.points(), strict=True))
    return owner, point


def _distance(writer: Point, reader: Point) -> Point:
    return tuple(to - start for start, to in zip(writer, reader, strict=True))


def _groups(graph: "networkx.DiGraph[int]") -> list[list[int]]:
    """The calls that depend on each other, each group behind those that it takes tokens from."""
    condensed = networkx.condensation(graph)
    members = {node: sorted(condensed.nodes[node]["members"]) for node in condensed}
    return [members[node] for node in networkx.lexicographical_topological_sort(condensed, key=members.__getitem__)]


def _placed(
    calls: Sequence[Calls], distances: set[Point], edges: Iterable[Edge], single: Callable[[str], Calls]
) -> list[Calls] | None:
    """The calls of a group in order, or one for each of their actors; None where these are on a cycle."""
    if len(calls) == 1 and (turned := _turned(calls[0], distances)):
        return [turned]
    rank = {name: number for number, name in enumerate(name for each in calls for name in each.actors)}
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(rank.values())
    graph.add_edges_from((rank[writer], rank[reader]) for writer, reader in edges if writer in rank and reader in rank)
    names = list(rank)
    try:
        return [single(names[number]) for number in networkx.lexicographical_topological_sort(graph)]
    except networkx.NetworkXUnfeasible:
        return None


def _turned(calls: Calls, distances: set[Point]) -> Calls | None:
    """The loops in an order and with directions in which all distances lead forward; None where there are none."""
    for nest in permutations(calls.nest):
        for signs in product((1, -1), repeat=len(nest)):
            if all(
                _leads_forward([sign * way[axis] for axis, sign in zip(nest, signs, strict=True)]) for way in distances
            ):
                down = frozenset(axis for axis, sign in zip(nest, signs, strict=True) if sign < 0)
                return replace(calls, nest=nest, down=down)
    return None


def _leads_forward(distance: Sequence[int]) -> bool:
    return next((part > 0 for part in distance if part), False)
