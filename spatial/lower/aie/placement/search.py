"""The search for tiles: layouts of the cores first, then everything at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spatial.device.npu import Kind, Npu, Tile
from spatial.lower.aie.design import Mapped
from spatial.lower.aie.footprint import traffic
from spatial.lower.aie.placement.bounds import Borders
from spatial.lower.aie.placement.columns import Columns
from spatial.lower.aie.placement.cost import cost_of, crossed, fixed_cost
from spatial.lower.aie.placement.demand import Carrier, carrier_of
from spatial.lower.aie.placement.model import Model, tiles_of
from spatial.lower.aie.placement.solver import NOWHERE, Search, Status, bound_of, run
from spatial.lower.aie.placement.start import layouts

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

__all__ = ["Found", "Searcher"]

Tiles = Mapping[str, Tile]


@dataclass(frozen=True, slots=True)
class Found:
    """Tiles of all nodes, what they cost, and what was proved that nothing costs less than."""

    tiles: Tiles
    cost: int
    bound: int


class Searcher:
    """Searches for tiles, again without those that streams cannot be routed for."""

    def __init__(self, mapped: Mapped, npu: Npu, effort: float) -> None:
        self.mapped = mapped
        self.npu = npu
        self.effort = effort
        self.excluded: list[Tiles] = []
        self.borders = range(npu.columns - 1)
        self.bounds = Borders(mapped, npu, effort / 10)
        carried = [(fifo, carrier_of(mapped, fifo)) for fifo in mapped.fifos]
        self.always = npu.columns * sum(traffic(fifo) for fifo, carrier in carried if carrier is Carrier.DMA)
        self.rows_matter = any(carrier is Carrier.NEAR for _, carrier in carried)

    def exclude(self, part: Tiles) -> None:
        """Nothing that is found from now on has all these nodes at these tiles."""
        self.excluded.append(part)

    def find(self) -> Found | Status:
        """The best tiles found: from layouts of the cores, then by columns, and where rows matter, from everything.

        Without any, whether there are none or it is open.
        """
        if NOWHERE in self.bounds.least:
            return Status.NONE
        best: Found | None = None
        for cores in layouts(self.mapped, self.npu):
            found, _ = self._solve(
                {name: (tile,) for name, tile in cores.items()}, Search.LINEAR, self.effort / 10, best
            )
            if isinstance(found, Found):
                best = replace(found, bound=self._floor(found.cost))
                if best.cost == best.bound:
                    return best
        best, least = self._by_columns(best)
        if best is not None and (best.cost == least or not self.rows_matter):
            return replace(best, bound=least)
        effort = self.effort / (1.5 if best is None else 3)
        found, least = self._solve({}, Search.PLAIN, effort, best, least)
        if isinstance(found, Found):
            return replace(found, bound=least)
        return found if best is None else replace(best, bound=least)

    def _by_columns(self, best: Found | None) -> tuple[Found | None, int]:
        """The best after a search for columns, in which rows are sought then, and what no placement costs less than."""
        model = self._columns()
        model.cp.minimize(model.cost)
        if best is not None:
            model.hint({name: column for name, (column, _) in best.tiles.items()})
            model.cp.add(model.cost < best.cost)
        status, solver = run(model.cp, self.effort / (2 if self.rows_matter else 1), Search.LINEAR)
        least = max(0 if best is None else best.bound, bound_of(status, solver))
        if status in (Status.OPTIMAL, Status.FOUND):
            found, _ = self._solve(self._allowed(model.read(solver)), Search.LINEAR, self.effort / 10, best, least)
            best = found if isinstance(found, Found) else best
        return best, least if best is None else min(least, best.cost)

    def _columns(self) -> Columns:
        model = Columns(self.mapped, self.npu, self.bounds)
        kinds = {node.name: node.kind for node in self.mapped.nodes}
        for part in self.excluded:
            if all(kinds[name] is not Kind.CORE for name in part):
                model.exclude({name: column for name, (column, _) in part.items()})
        if not self.excluded and not self.bounds.pinned:
            model.turn_west()
        return model

    def _allowed(self, columns: Mapping[str, int]) -> Mapping[str, tuple[Tile, ...]]:
        """All tiles of those columns, of nodes with a pin just that."""
        return {
            node.name: tuple(tile for tile in tiles_of(node, self.npu) if tile[0] == columns[node.name])
            for node in self.mapped.nodes
        }

    def _floor(self, cost: int) -> int:
        """What no placement costs less than, made out so far as to tell whether that is `cost`."""
        return min(cost, self.always + self.bounds.total(cost - self.always))

    def straighten(self, found: Found) -> Found:
        """The same columns and the same fifos in shared memory, with fewer rows crossed if that is found."""
        model = self._model(self._allowed({name: column for name, (column, _) in found.tiles.items()}))
        _hint(model, found.tiles)
        model.cp.add(fixed_cost(model) + sum(crossed(model, model.west_of, self.borders)) <= found.cost)
        model.cp.minimize(sum(crossed(model, model.south_of, range(self.npu.rows - 1))))
        status, solver = run(model.cp, self.effort / 10)
        tiles = _read(model, solver) if status in (Status.OPTIMAL, Status.FOUND) else found.tiles
        return Found(tiles, found.cost, found.bound)

    def _solve(
        self,
        allowed: Mapping[str, tuple[Tile, ...]],
        how: Search,
        effort: float,
        start: Found | None = None,
        floor: int = 0,
    ) -> tuple[Found | Status, int]:
        """Something better than `start`, on the tiles that are allowed, and what nothing on them costs less than."""
        model = self._model(allowed)
        over = crossed(model, model.west_of, self.borders)
        for crossing, least in zip(over, self.bounds.least, strict=True):
            model.cp.add(crossing >= least)
        cost = fixed_cost(model) + sum(over)
        model.cp.add(cost >= floor)
        model.cp.minimize(cost)
        if start is not None:
            _hint(model, start.tiles)
            model.cp.add(cost < start.cost)
        status, solver = run(model.cp, effort, how)
        bound = max(floor, bound_of(status, solver))
        if status not in (Status.OPTIMAL, Status.FOUND):
            return status, bound if start is None else min(bound, start.cost)
        tiles = _read(model, solver)
        found = cost_of(self.mapped, self.npu, tiles)
        return Found(tiles, found, min(bound, found)), min(bound, found)

    def _model(self, allowed: Mapping[str, tuple[Tile, ...]]) -> Model:
        model = Model(self.mapped, self.npu, allowed)
        for part in self.excluded:
            model.cp.add_bool_or([~model.at[name][tile] for name, tile in part.items() if tile in model.at[name]])
        return model


def _hint(model: Model, tiles: Tiles) -> None:
    for name, here in model.at.items():
        for tile, stands in here.items():
            model.cp.add_hint(stands, tiles[name] == tile)


def _read(model: Model, solver: cp_model.CpSolver) -> Tiles:
    return {
        name: next(tile for tile, stands in here.items() if solver.boolean_value(stands))
        for name, here in model.at.items()
    }
