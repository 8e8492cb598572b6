"""Streams through the array: a tree of tiles for each fifo that DMA carries, so that no border has too many."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx

from spatial.device.npu import Npu, Tile
from spatial.lower.aie.design import Fifo, Route
from spatial.lower.aie.placement.solver import Search, Status, empty_model, run

__all__ = ["Routing", "route"]

Edge = tuple[Tile, Tile]
Tree = frozenset[Edge]
ROUNDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The routes of all fifos, or else the fifos that cannot run side by side."""

    routes: tuple[Route, ...] = ()
    conflict: tuple[Fifo, ...] = ()


def route(fifos: Sequence[Fifo], npu: Npu, tiles: Mapping[str, Tile], effort: float) -> Routing:
    """Routes fifos, first by negotiation, which is fast, then exactly: only that can say that there is no way."""
    room = _room(npu)
    trees = _negotiate(fifos, room, tiles)
    if trees is None:
        trees, conflict = _search(fifos, room, tiles, effort)
        if trees is None:
            return Routing(conflict=conflict)
    return Routing(routes=tuple(each for fifo in fifos for each in _routes(fifo, trees[fifo.name], tiles)))


def _room(npu: Npu) -> Mapping[Edge, int]:
    """How many streams run from a tile to the next."""
    room: dict[Edge, int] = {}
    for column, row in npu.tiles:
        ports = npu.limits(npu.kind_of((column, row))).ports
        beside = {
            (column, row + 1): ports.north,
            (column, row - 1): ports.south,
            (column + 1, row): ports.east,
            (column - 1, row): ports.west,
        }
        room |= {((column, row), other): most for other, most in beside.items() if npu.has(other) and most}
    return room


def _ends(fifo: Fifo, tiles: Mapping[str, Tile]) -> tuple[Tile, list[Tile]]:
    return tiles[fifo.producer.node], sorted({tiles[end.node] for end in fifo.consumers})


def _routes(fifo: Fifo, tree: Tree, tiles: Mapping[str, Tile]) -> Iterator[Route]:
    before = {there: here for here, there in tree}
    for end in fifo.consumers:
        path = [tiles[end.node]]
        while path[-1] != tiles[fifo.producer.node]:
            path.append(before[path[-1]])
        yield Route(fifo=fifo.name, consumer=end.node, tiles=tuple(reversed(path)))


def _negotiate(fifos: Sequence[Fifo], room: Mapping[Edge, int], tiles: Mapping[str, Tile]) -> dict[str, Tree] | None:
    """Lays all trees again and again; a border that had too many becomes dearer (McMurchie and Ebeling, PathFinder)."""
    past: Counter[Edge] = Counter()
    for _ in range(ROUNDS):
        used: Counter[Edge] = Counter()
        trees: dict[str, Tree] = {}
        for fifo in fifos:
            prices = {edge: 1 + past[edge] + 3 * max(0, used[edge] + 1 - most) for edge, most in room.items()}
            trees[fifo.name] = _tree(*_ends(fifo, tiles), prices)
            used.update(trees[fifo.name])
        crowded = [edge for edge, streams in used.items() if streams > room[edge]]
        if not crowded:
            return trees
        past.update(crowded)
    return None


def _tree(source: Tile, targets: Sequence[Tile], prices: Mapping[Edge, int]) -> Tree:
    """A cheap tree: the nearest target first, each from the tree so far."""
    graph: networkx.DiGraph[Tile] = networkx.DiGraph()
    graph.add_weighted_edges_from((here, there, price) for (here, there), price in prices.items())
    reached, edges, open_ = {source}, set[Edge](), set(targets) - {source}
    while open_:
        paths = networkx.multi_source_dijkstra_path(graph, reached)
        path = min((paths[tile] for tile in sorted(open_)), key=lambda each: _price(each, prices))
        edges.update(itertools.pairwise(path))
        reached.update(path)
        open_ -= reached
    return frozenset(edges)


def _price(path: Sequence[Tile], prices: Mapping[Edge, int]) -> int:
    return sum(prices[edge] for edge in itertools.pairwise(path))


def _search(
    fifos: Sequence[Fifo], room: Mapping[Edge, int], tiles: Mapping[str, Tile], effort: float
) -> tuple[dict[str, Tree] | None, tuple[Fifo, ...]]:
    """All trees at once as constraints: each tile of a tree but the first is entered once, farther out than before."""
    cp = empty_model()
    farthest = len({tile for edge in room for tile in edge})
    places = sorted({tile for edge in room for tile in edge})
    takes = {fifo.name: {edge: cp.new_bool_var("") for edge in room} for fifo in fifos}
    laid = {fifo.name: cp.new_bool_var(fifo.name) for fifo in fifos}
    for fifo in fifos:
        source, targets = _ends(fifo, tiles)
        out = {tile: cp.new_int_var(0, farthest, "") for tile in places}
        for tile in places:
            entered = sum(taken for (_, there), taken in takes[fifo.name].items() if there == tile)
            cp.add(entered <= (0 if tile == source else 1))
            if tile in targets:
                cp.add(entered == 1).only_enforce_if(laid[fifo.name])
        for (here, there), taken in takes[fifo.name].items():
            cp.add(out[there] > out[here]).only_enforce_if(taken)
            if here != source:
                cp.add(sum(each for (_, end), each in takes[fifo.name].items() if end == here) >= taken)
    for edge, most in room.items():
        cp.add(sum(taken[edge] for taken in takes.values()) <= most)
    cp.add_assumptions(laid.values())
    status, solver = run(cp, effort, Search.ASSUMING)
    if status in (Status.OPTIMAL, Status.FOUND):
        found = {
            name: frozenset(edge for edge, each in taken.items() if solver.boolean_value(each))
            for name, taken in takes.items()
        }
        return found, ()
    core = set(solver.sufficient_assumptions_for_infeasibility()) if status is Status.NONE else set()
    return None, tuple(fifo for fifo in fifos if laid[fifo.name].index in core)
