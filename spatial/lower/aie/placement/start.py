"""Layouts of cores to start from: grids of PEs in every direction, and columns that grow by who talks to whom."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping

from spatial.device.npu import Kind, Npu, Tile
from spatial.lower.aie.design import Mapped, Node
from spatial.lower.aie.footprint import traffic

__all__ = ["Cores", "layouts"]

Cores = Mapping[str, Tile]
"""The tile of each core."""


def layouts(mapped: Mapped, npu: Npu) -> list[Cores]:
    """Ways to lay the cores out, all different, on tiles of the device and where the user pinned them."""
    asked = {node.name: node.tile for node in _cores(mapped) if node.tile is not None}
    found: list[Cores] = []
    for cores in (*_grids(mapped, npu), _grown(mapped, npu)):
        inside = all(npu.has(tile) and npu.kind_of(tile) is Kind.CORE for tile in cores.values())
        if inside and asked.items() <= cores.items() and cores not in found and len(cores) == len(_cores(mapped)):
            found.append(cores)
    return found


def _cores(mapped: Mapped) -> list[Node]:
    return [node for node in mapped.nodes if node.kind is Kind.CORE]


def _grids(mapped: Mapped, npu: Npu) -> Iterator[Cores]:
    """Each PE where its place in the grid says, for each way to lay the grid's axes on columns and rows."""
    actors = mapped.graph.actor
    pids = {node.name: (*actors[node.actor].pid, 0)[:2] for node in _cores(mapped) if node.actor in actors}
    if len(pids) != len(_cores(mapped)) or len(set(pids.values())) != len(pids) or not pids:
        return
    low = [min(pid[axis] for pid in pids.values()) for axis in (0, 1)]
    high = [max(pid[axis] for pid in pids.values()) for axis in (0, 1)]
    turns = (False, True) if any(node.tile is not None for node in mapped.nodes) else (False,)
    for turn, flip, (column, row) in itertools.product(turns, (False, True), ((1, 0), (0, 1))):
        for shift in _shifts(npu, high[column] - low[column] + 1):
            yield {
                name: (
                    shift + (high[column] - pid[column] if flip else pid[column] - low[column]),
                    2 + (high[row] - pid[row] if turn else pid[row] - low[row]),
                )
                for name, pid in pids.items()
            }


def _shifts(npu: Npu, columns: int) -> list[int]:
    """How far east so many columns may begin: in the middle first, from where all shims are near."""
    middle = (npu.columns - columns) // 2
    return list(dict.fromkeys((middle, 0)))


def _grown(mapped: Mapped, npu: Npu) -> Cores:
    """Columns filled one after the other, each with the cores that talk most to those it has."""
    talk = _talk(mapped)
    tiles: dict[str, Tile] = {node.name: node.tile for node in _cores(mapped) if node.tile is not None}
    waiting = [node.name for node in _cores(mapped) if node.tile is None]
    for tile in npu.cores:
        if waiting and tile not in tiles.values():
            there = [name for name, (column, _) in tiles.items() if column == tile[0]]
            best = max(waiting, key=lambda name: sum(talk[frozenset((name, other))] for other in there))
            tiles[best] = tile
            waiting.remove(best)
    return tiles


def _talk(mapped: Mapped) -> Counter[frozenset[str]]:
    """The bytes that two cores share: of fifos between them, or to and from one memory tile's node."""
    groups: dict[str, set[str]] = {}
    weights: Counter[str] = Counter()
    for fifo in mapped.fifos:
        hubs = [end.node for end in fifo.ends if mapped.node[end.node].kind is Kind.MEMORY] or [fifo.name]
        for hub in hubs:
            groups.setdefault(hub, set()).update(
                end.node for end in fifo.ends if mapped.node[end.node].kind is Kind.CORE
            )
            weights[hub] += traffic(fifo)
    talk: Counter[frozenset[str]] = Counter()
    for hub, cores in groups.items():
        for pair in itertools.combinations(sorted(cores), 2):
            talk[frozenset(pair)] += weights[hub]
    return talk
