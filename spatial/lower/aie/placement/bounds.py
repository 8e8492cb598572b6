"""What must cross each border between columns, however nodes stand: a bound that proves placements best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spatial.device.npu import Kind, Npu
from spatial.lower.aie.design import Mapped
from spatial.lower.aie.footprint import traffic
from spatial.lower.aie.placement.cost import shortfall
from spatial.lower.aie.placement.demand import RESOURCES, Carrier, carrier_of, limit_of, takes
from spatial.lower.aie.placement.solver import NOWHERE, Search, bound_of, empty_model, run

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

__all__ = ["Borders"]

Point = tuple[int, int]
"""A border and the number of cores west of it."""


class Borders:
    """The least bytes by DMA that cross the borders between columns.

    Nodes are only told apart by their side of a border, so no placement is left out. `least` has, for each border, what
    crosses it wherever the cores stand. What crosses with a given number of cores west of it is bounded in three steps,
    each only where it may matter: as that; with any split of so many cores; and with what the tiles of both sides hold.
    """

    def __init__(self, mapped: Mapped, npu: Npu, effort: float) -> None:
        self.mapped = mapped
        self.npu = npu
        self.height = npu.rows - 2
        self.cores = [node.name for node in mapped.nodes if node.kind is Kind.CORE]
        self.pinned = any(node.tile is not None for node in mapped.nodes)
        self.efforts = (effort / 4, effort / 4, effort)
        self._splits: dict[int, int] = {}
        self._bounds: dict[Point, int] = {}
        self._steps: dict[Point, int] = {}
        self.least = [self._sided(border, None, effort) for border in range(npu.columns - 1)]

    def total(self, wanted: int) -> int:
        """The least bytes over all borders together, made out only so far as to tell whether that is `wanted`.

        From one border to the next a column's cores at most are added; the cheapest sequence of numbers is taken.
        """
        while True:
            value, path = self._cheapest()
            coarse = [point for point in path if self._steps.get(point, 0) < len(self.efforts)]
            if value >= wanted or not coarse:
                return value
            step = min(self._steps.get(point, 0) for point in coarse)
            for point in coarse:
                if self._steps.get(point, 0) == step:
                    self._refine(point, step)

    def by_number(self, border: int) -> Mapping[int, int]:
        """What crosses a border at least, as far as it was made out, by the number of cores west of it."""
        return {west: self._bounds.get((border, west), self.least[border]) for west in self._numbers(border)}

    def _cheapest(self) -> tuple[int, tuple[Point, ...]]:
        """The cheapest sequence of numbers of cores west of the borders, as bounds are known so far."""
        best: dict[int, tuple[int, tuple[Point, ...]]] = {0: (0, ())}
        for border in range(self.npu.columns - 1):
            after: dict[int, tuple[int, tuple[Point, ...]]] = {}
            for west in self._numbers(border):
                before = [best[each] for each in range(west - self.height, west + 1) if each in best]
                value, path = min(before, default=(NOWHERE, ()))
                point = (border, west)
                after[west] = (value + self._bounds.get(point, self.least[border]), (*path, point))
            best = after
        return min((best[each] for each in best if len(self.cores) - each <= self.height), default=(NOWHERE, ()))

    def _numbers(self, border: int) -> range:
        """How many cores may stand west of a border."""
        count, east = len(self.cores), self.height * (self.npu.columns - 1 - border)
        return range(max(0, count - east), min(count, self.height * (border + 1)) + 1)

    def _refine(self, point: Point, step: int) -> None:
        border, west = point
        value = self._split(min(west, len(self.cores) - west)) if step == 0 else self._sided(*point, self.efforts[step])
        mirrored = (self.npu.columns - 2 - border, len(self.cores) - west)
        for each in (point,) if self.pinned else (point, mirrored):
            self._bounds[each] = max(value, self._bounds.get(each, self.least[each[0]]))
            self._steps[each] = step + 1

    def _split(self, count: int) -> int:
        """The least bytes between `count` of the cores and the others."""
        if count not in self._splits:
            cp, west = self._sides()
            cp.add(sum(west[name] for name in self.cores) == count)
            self._splits[count] = self._least(cp, west, self.efforts[0])
        return self._splits[count]

    def _sided(self, border: int, count: int | None, effort: float) -> int:
        """The least bytes across a border, with `count` cores west of it if that is told."""
        cp, west = self._sides()
        for node in self.mapped.nodes:
            if node.tile is not None:
                cp.add(west[node.name] == (node.tile[0] <= border))
        if count is not None:
            cp.add(sum(west[name] for name in self.cores) == count)
        self._share_out(cp, west, border)
        return self._least(cp, west, effort)

    def _sides(self) -> tuple[cp_model.CpModel, Mapping[str, cp_model.IntVar]]:
        cp = empty_model()
        return cp, {node.name: cp.new_bool_var(node.name) for node in self.mapped.nodes}

    def _least(self, cp: cp_model.CpModel, west: Mapping[str, cp_model.IntVar], effort: float) -> int:
        carried = [fifo for fifo in self.mapped.fifos if carrier_of(self.mapped, fifo) is Carrier.DMA]
        ends = {fifo.name: [west[node] for node in sorted({end.node for end in fifo.ends})] for fifo in carried}
        cp.minimize(sum(traffic(fifo) * shortfall(cp, ends[fifo.name]) for fifo in carried))
        status, solver = run(cp, effort, Search.CORES)
        return bound_of(status, solver)

    def _share_out(self, cp: cp_model.CpModel, west: Mapping[str, cp_model.IntVar], border: int) -> None:
        """Each side holds what its tiles hold together."""
        taken = takes(self.mapped, self.npu)
        sides = (border + 1, self.npu.columns - border - 1)
        for kind in Kind:
            names = [node.name for node in self.mapped.nodes if node.kind is kind]
            asked: dict[str, dict[str, int]] = (
                {"tiles": dict.fromkeys(names, 1)}
                if kind is Kind.CORE
                else {each: {name: getattr(taken[name], each) for name in names} for each in RESOURCES}
            )
            for resource, demand in asked.items():
                limit = self.height if kind is Kind.CORE else limit_of(self.npu.limits(kind), resource)
                cp.add(sum(demand[name] * west[name] for name in names) <= limit * sides[0])
                cp.add(sum(demand[name] * (1 - west[name]) for name in names) <= limit * sides[1])
