"""The search for tiles: layouts of the cores first, then everything at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.device.npu import Npu, Tile
from spatial.lower.aie.design import Mapped
from spatial.lower.aie.footprint import traffic
from spatial.lower.aie.placement.bounds import border_bound, path_bound
from spatial.lower.aie.placement.cost import cost_of, crossed, fixed_cost
from spatial.lower.aie.placement.demand import Carrier, carrier_of
from spatial.lower.aie.placement.model import Model
from spatial.lower.aie.placement.solver import Search, Status, run
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
        self.least = [border_bound(mapped, npu, border, effort / 10) for border in self.borders]
        always = sum(traffic(fifo) for fifo in mapped.fifos if carrier_of(mapped, fifo) is Carrier.DMA)
        self.floor = npu.columns * always + max(sum(self.least), path_bound(mapped, npu, effort / 40))

    def exclude(self, part: Tiles) -> None:
        """Nothing that is found from now on has all these nodes at these tiles."""
        self.excluded.append(part)

    def find(self) -> Found | Status:
        """The best tiles found: from layouts of the cores, and where those may be improved on, from everything.

        Without any, whether there are none or it is open.
        """
        best: Found | None = None
        for cores in layouts(self.mapped, self.npu):
            allowed = {name: (tile,) for name, tile in cores.items()}
            found = self._solve(allowed, Search.CORES, self.effort / 10)
            if isinstance(found, Found) and (best is None or found.cost < best.cost):
                best = Found(found.tiles, found.cost, self.floor)
            if best is not None and best.cost == self.floor:
                return best
        if best is None:
            return self._solve({}, Search.PLAIN, self.effort)
        better = self._solve({}, Search.PLAIN, self.effort / 3, best)
        match better:
            case Found():
                return better
            case Status.NONE:
                return Found(best.tiles, best.cost, best.cost)
        return best

    def straighten(self, found: Found) -> Found:
        """The same columns and the same fifos in shared memory, with fewer rows crossed if that is found."""
        rows = range(self.npu.rows)
        allowed = {name: tuple((column, row) for row in rows) for name, (column, _) in found.tiles.items()}
        same_kind = {
            name: tuple(each for each in tiles if self.npu.kind_of(each) is self.mapped.node[name].kind)
            for name, tiles in allowed.items()
        }
        pins = {node.name: (node.tile,) for node in self.mapped.nodes if node.tile is not None}
        model = self._model({**same_kind, **pins})
        _hint(model, found.tiles)
        model.cp.add(fixed_cost(model) + sum(crossed(model, model.west_of, self.borders)) <= found.cost)
        model.cp.minimize(sum(crossed(model, model.south_of, rows[:-1])))
        status, solver = run(model.cp, self.effort / 10)
        tiles = _read(model, solver) if status in (Status.OPTIMAL, Status.FOUND) else found.tiles
        return Found(tiles, found.cost, found.bound)

    def _solve(
        self, allowed: Mapping[str, tuple[Tile, ...]], how: Search, effort: float, start: Found | None = None
    ) -> Found | Status:
        model = self._model(allowed)
        over = crossed(model, model.west_of, self.borders)
        for crossing, least in zip(over, self.least, strict=True):
            model.cp.add(crossing >= least)
        model.cp.minimize(fixed_cost(model) + sum(over))
        if start is not None:
            _hint(model, start.tiles)
            model.cp.add(fixed_cost(model) + sum(over) < start.cost)
        status, solver = run(model.cp, effort, how)
        if status not in (Status.OPTIMAL, Status.FOUND):
            return status
        tiles = _read(model, solver)
        return Found(tiles, cost_of(self.mapped, self.npu, tiles), max(self.floor, round(solver.best_objective_bound)))

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
