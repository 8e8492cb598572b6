"""What a placement costs: bytes that DMA moves, and the columns they cross on the way.

The cost of a fifo that DMA carries is its bytes in a run, times the columns of the device plus the borders between
columns that its ends are apart. One in shared memory costs nothing. So a byte that stays off DMA is worth more than any
distance, and among those that do not, streams stay within few columns: there they have six ports north and four south
at each tile, while east and west there are four in each row of cores and none at memory tiles. Rows are not counted;
of placements that cost the same the one with fewer rows crossed is taken as far as time allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from spatial.device.npu import Npu, Tile
from spatial.lower.aie.design import Fifo, Mapped
from spatial.lower.aie.footprint import traffic
from spatial.lower.aie.placement.demand import Carrier, carrier_of
from spatial.lower.aie.placement.model import Model, near

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    Expression = cp_model.LinearExpr | int

__all__ = ["by_dma", "cost_of", "crossed", "fixed_cost", "rows_crossed", "shortfall"]

Side = Callable[[str, int], "Expression"]
"""Whether a node stands before a border."""


def by_dma(mapped: Mapped, npu: Npu, tiles: Mapping[str, Tile]) -> list[Fifo]:
    """The fifos that DMA carries where nodes stand so."""
    carried = []
    for fifo in mapped.fifos:
        producer, consumer = tiles[fifo.producer.node], tiles[fifo.consumers[0].node]
        match carrier_of(mapped, fifo):
            case Carrier.DMA:
                carried.append(fifo)
            case Carrier.NEAR if consumer not in near(producer, npu):
                carried.append(fifo)
    return carried


def cost_of(mapped: Mapped, npu: Npu, tiles: Mapping[str, Tile]) -> int:
    """What a placement costs."""
    return sum(traffic(fifo) * (npu.columns + _apart(fifo, tiles, 0)) for fifo in by_dma(mapped, npu, tiles))


def rows_crossed(mapped: Mapped, npu: Npu, tiles: Mapping[str, Tile]) -> int:
    """The bytes that cross borders between rows."""
    return sum(traffic(fifo) * _apart(fifo, tiles, 1) for fifo in by_dma(mapped, npu, tiles))


def _apart(fifo: Fifo, tiles: Mapping[str, Tile], axis: int) -> int:
    places = [tiles[end.node][axis] for end in fifo.ends]
    return max(places) - min(places)


def fixed_cost(model: Model) -> Expression:
    """What fifos cost because DMA carries them, wherever their ends stand."""
    always = sum(traffic(fifo) for fifo in model.dma_fifos)
    apart = sum(traffic(fifo) * (1 - model.shares[fifo.name]) for fifo in model.near_fifos)
    return model.npu.columns * (always + apart)


def crossed(model: Model, before: Side, borders: Sequence[int]) -> list[Expression]:
    """For each border, the bytes that DMA carries across it."""
    return [_over(model, before, border) for border in borders]


def _over(model: Model, before: Side, border: int) -> Expression:
    total: Expression = 0
    for fifo in model.dma_fifos:
        ends = [before(node, border) for node in sorted({end.node for end in fifo.ends})]
        total += traffic(fifo) * shortfall(model.cp, ends)
    for fifo in model.near_fifos:
        here, there = (before(end.node, border) for end in fifo.ends)
        over = model.cp.new_bool_var(f"{fifo.name} over {border}")
        model.cp.add(over >= here - there - model.shares[fifo.name])
        model.cp.add(over >= there - here - model.shares[fifo.name])
        total += traffic(fifo) * over
    return total


def shortfall(cp: cp_model.CpModel, ends: Sequence[Expression]) -> Expression:
    """Whether some but not all ends stand before a border; it is as small as that allows when it is minimized."""
    some, every = cp.new_bool_var("some"), cp.new_bool_var("every")
    for end in ends:
        cp.add(some >= end)
        cp.add(every <= end)
    return some - every
