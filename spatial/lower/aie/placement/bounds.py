"""What must cross each border between columns, however nodes stand: a bound that proves placements best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spatial.device.npu import Kind, Npu
from spatial.lower.aie.design import Mapped
from spatial.lower.aie.footprint import traffic
from spatial.lower.aie.placement.cost import shortfall
from spatial.lower.aie.placement.demand import RESOURCES, Carrier, carrier_of, limit_of, takes
from spatial.lower.aie.placement.solver import Search, Status, empty_model, run

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

__all__ = ["border_bound", "path_bound"]


def border_bound(mapped: Mapped, npu: Npu, border: int, effort: float) -> int:
    """The least bytes by DMA that cross between columns `border` and `border` + 1.

    Nodes are only told apart by their side. Each side holds what its tiles hold together, so no placement is left out.
    """
    cp = empty_model()
    west = {node.name: cp.new_bool_var(node.name) for node in mapped.nodes}
    for node in mapped.nodes:
        if node.tile is not None:
            cp.add(west[node.name] == (node.tile[0] <= border))
    _share_out(cp, mapped, npu, west, border)
    cp.minimize(_crossing(cp, mapped, west))
    status, solver = run(cp, effort, Search.CORES)
    return 0 if status is Status.NONE else max(0, round(solver.best_objective_bound))


def path_bound(mapped: Mapped, npu: Npu, effort: float) -> int:
    """The least bytes by DMA over all borders together, by how many cores stand west of each.

    From one border to the next a column's cores at most are added. What crosses a border with that many cores west of
    it is bounded once for each number, and the cheapest sequence of numbers is chosen.
    """
    count = sum(node.kind is Kind.CORE for node in mapped.nodes)
    height = npu.rows - 2
    if count > height * npu.columns:
        return 0
    cut = {west: _split_bound(mapped, west, effort) for west in range(count // 2 + 1)}
    cost = dict.fromkeys(range(min(height, count) + 1), 0)
    for _ in range(npu.columns - 1):
        after = {west: cost[west] + cut[min(west, count - west)] for west in cost}
        cost = {
            west: min(after[before] for before in after if before <= west <= before + height)
            for west in range(min(max(after) + height, count) + 1)
        }
    return cost[count]


def _split_bound(mapped: Mapped, count: int, effort: float) -> int:
    """The least bytes by DMA between `count` of the cores and the others."""
    cp = empty_model()
    west = {node.name: cp.new_bool_var(node.name) for node in mapped.nodes}
    cp.add(sum(west[node.name] for node in mapped.nodes if node.kind is Kind.CORE) == count)
    cp.minimize(_crossing(cp, mapped, west))
    _, solver = run(cp, effort, Search.CORES)
    return max(0, round(solver.best_objective_bound))


def _crossing(cp: cp_model.CpModel, mapped: Mapped, west: Mapping[str, cp_model.IntVar]) -> cp_model.LinearExprT:
    fifos = [fifo for fifo in mapped.fifos if carrier_of(mapped, fifo) is Carrier.DMA]
    return sum(
        traffic(fifo) * shortfall(cp, [west[node] for node in sorted({end.node for end in fifo.ends})])
        for fifo in fifos
    )


def _share_out(
    cp: cp_model.CpModel, mapped: Mapped, npu: Npu, west: Mapping[str, cp_model.IntVar], border: int
) -> None:
    taken = takes(mapped, npu)
    sides = (border + 1, npu.columns - border - 1)
    for kind in Kind:
        names = [node.name for node in mapped.nodes if node.kind is kind]
        cores = kind is Kind.CORE
        asked: dict[str, dict[str, int]] = (
            {"tiles": dict.fromkeys(names, 1)}
            if cores
            else {each: {name: getattr(taken[name], each) for name in names} for each in RESOURCES}
        )
        for resource, demand in asked.items():
            limit = npu.rows - 2 if cores else limit_of(npu.limits(kind), resource)
            cp.add(sum(demand[name] * west[name] for name in names) <= limit * sides[0])
            cp.add(sum(demand[name] * (1 - west[name]) for name in names) <= limit * sides[1])
