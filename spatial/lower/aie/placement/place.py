"""Placement of a mapped program: the best one there is, or how far from it the one found may be."""

import time
from collections.abc import Mapping

from spatial.device.npu import Npu, Tile
from spatial.lower.aie.design import Mapped, Placement
from spatial.lower.aie.footprint import in_memory
from spatial.lower.aie.placement.cost import by_dma
from spatial.lower.aie.placement.errors import NotFound, Part, Shortage
from spatial.lower.aie.placement.explain import conflict, counted, hopeless
from spatial.lower.aie.placement.halves import Half, crowded_halves
from spatial.lower.aie.placement.loads import holder_of
from spatial.lower.aie.placement.routing import Routing, route
from spatial.lower.aie.placement.search import Found, Searcher
from spatial.lower.aie.placement.solver import Status
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import UNKNOWN

__all__ = ["place"]

ATTEMPTS = 20


def place(mapped: Mapped, npu: Npu, seconds: float = 10) -> Placement:
    """Where all nodes stand, and the routes of what DMA carries; `cost` says what is minimized (see `cost.py`).

    The same program is always placed the same way: `seconds` are units of work that take about a second on one core.
    Raises `ProgramError` where nothing fits, with the resources that are asked for too often.
    """
    began = time.perf_counter()
    mapped = in_memory(mapped)
    if problems := counted(mapped, npu):
        raise ProgramError(problems)
    if hopeless(mapped, npu):
        raise ProgramError([conflict(mapped, npu)])
    searcher = Searcher(mapped, npu, seconds / 3)
    crowded: Shortage | None = None
    for _ in range(ATTEMPTS):
        found = searcher.find()
        if not isinstance(found, Found):
            break
        if (half := next(crowded_halves(mapped, npu, found.tiles), None)) is not None:
            crowded = _crowded(mapped, found, half)
            searcher.exclude(_standing(mapped, found, half.tile))
            continue
        for tried in (searcher.straighten(found), found):
            routing = route(by_dma(mapped, npu, tried.tiles), npu, tried.tiles, seconds / 10)
            if not routing.conflict:
                return _placement(mapped, npu, tried, routing, time.perf_counter() - began)
            nodes = sorted({end.node for fifo in routing.conflict for end in fifo.ends})
            searcher.exclude({name: tried.tiles[name] for name in nodes})
    raise ProgramError([crowded or _reason(mapped, npu, found, searcher, seconds)])


def _reason(mapped: Mapped, npu: Npu, found: Found | Status, searcher: Searcher, seconds: float) -> Problem:
    if found is Status.NONE and not searcher.excluded:
        return conflict(mapped, npu)
    span = mapped.nodes[0].span if mapped.nodes else UNKNOWN
    return NotFound(program=mapped.name, device=npu.name, seconds=seconds, span=span)


def _standing(mapped: Mapped, found: Found, tile: Tile) -> Mapping[str, Tile]:
    return {node.name: tile for node in mapped.nodes if found.tiles[node.name] == tile}


def _crowded(mapped: Mapped, found: Found, half: Half) -> Shortage:
    """A memory tile half of whose channels need too many descriptors."""
    nodes = " and ".join(f"`{name}`" for name in _standing(mapped, found, half.tile))
    return Shortage(
        needs=f"the memory tile of {nodes} needs",
        resource=f"buffer descriptors for its {half.name} channels",
        demand=half.demand,
        has="they have",
        limit=half.limit,
        parts=tuple(Part(fifo.name, count, fifo.span) for fifo, count in half.fifos),
        hint="give the streams a smaller depth",
    )


def _placement(mapped: Mapped, npu: Npu, found: Found, routing: Routing, seconds: float) -> Placement:
    return Placement(
        device=npu.name,
        tiles=found.tiles,
        memory_of=_held(mapped, npu, found.tiles),
        routes=routing.routes,
        cost=found.cost,
        bound=found.bound,
        seconds=seconds,
    )


def _held(mapped: Mapped, npu: Npu, tiles: Mapping[str, Tile]) -> Mapping[str, Tile]:
    carried = {fifo.name for fifo in by_dma(mapped, npu, tiles)}
    return {fifo.name: holder_of(fifo, tiles) for fifo in mapped.fifos if fifo.name not in carried}
