"""The columns of nodes, without rows: a small model that is solved where the whole one is not, and bounds it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from spatial.device.npu import Kind, Npu
from spatial.lower.aie.design import Fifo, Mapped
from spatial.lower.aie.footprint import traffic
from spatial.lower.aie.placement.bounds import Borders
from spatial.lower.aie.placement.cost import shortfall
from spatial.lower.aie.placement.demand import RESOURCES, Carrier, carrier_of, limit_of, takes
from spatial.lower.aie.placement.solver import NOWHERE, empty_model

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    Expression = cp_model.LinearExpr | int

__all__ = ["Columns"]

Pair = frozenset[str]
"""Two cores."""


def most_neighbours(count: int) -> int:
    """The most pairs of neighbours among so many tiles: those of the squarest block of them."""
    return 2 * count - math.isqrt(4 * count - 1) - 1 if count else 0


class Columns:
    """The model of a placement of which only columns are told.

    `west` says for each node and border between columns whether it stands west of it. Tiles of a column hold what they
    do together; of cores that may share memory only is asked that they have no more neighbours than there can be on
    such an array. So `cost` is at most that of any placement with nodes in these columns, and just
    that where no two cores may share memory.
    """

    def __init__(self, mapped: Mapped, npu: Npu, borders: Borders) -> None:
        self.mapped = mapped
        self.npu = npu
        self.cp = empty_model()
        self.inner = range(npu.columns - 1)
        self.west = {node.name: [self.cp.new_bool_var(node.name) for _ in self.inner] for node in mapped.nodes}
        self.cores = [node.name for node in mapped.nodes if node.kind is Kind.CORE]
        self.taken = takes(mapped, npu)
        for node in mapped.nodes:
            self._order(node.name, None if node.tile is None else node.tile[0])
        self._hold()
        self._hold_streams_down()
        over = [self._over(border) for border in self.inner]
        self._count(borders, over)
        self.cost = self._fixed() + sum(over) + self._near()

    def column(self, node: str, column: int) -> Expression:
        """Whether a node stands in a column."""
        return self._before(node, column) - self._before(node, column - 1)

    def exclude(self, columns: Mapping[str, int]) -> None:
        """Not all these nodes stand in these columns."""
        self.cp.add(sum(self.column(node, column) for node, column in columns.items()) <= len(columns) - 1)

    def turn_west(self) -> None:
        """Of a placement and its mirror image, which costs the same, only the one with cores farther west is kept."""
        standing = sum(here for name in self.cores for here in self.west[name])
        self.cp.add(2 * standing >= len(self.cores) * len(self.inner))

    def hint(self, columns: Mapping[str, int]) -> None:
        """Where to begin."""
        for name, before in self.west.items():
            for border, here in enumerate(before):
                self.cp.add_hint(here, columns[name] <= border)

    def read(self, solver: cp_model.CpSolver) -> Mapping[str, int]:
        """The column of each node."""
        return {name: sum(not solver.boolean_value(here) for here in before) for name, before in self.west.items()}

    def _before(self, node: str, border: int) -> Expression:
        if border < 0:
            return 0
        return self.west[node][border] if border < len(self.inner) else 1

    def _order(self, node: str, column: int | None) -> None:
        for here, there in itertools.pairwise(self.west[node]):
            self.cp.add_implication(here, there)
        if column is not None:
            for border, here in enumerate(self.west[node]):
                self.cp.add(here == (column <= border))

    def _hold(self) -> None:
        """No column holds more than its tiles do."""
        for kind in Kind:
            names = [node.name for node in self.mapped.nodes if node.kind is kind]
            asked: dict[str, dict[str, int]] = {
                each: {name: getattr(self.taken[name], each) for name in names} for each in RESOURCES
            }
            limits = {each: limit_of(self.npu.limits(kind), each) for each in RESOURCES}
            if kind is Kind.CORE:
                asked, limits = {"tiles": dict.fromkeys(names, 1)}, {"tiles": self.npu.rows - 2}
            for resource, demand in asked.items():
                self._at_most(demand, limits[resource])

    def _hold_streams_down(self) -> None:
        kinds = {node.name: node.kind for node in self.mapped.nodes}
        demand: dict[str, int] = {}
        for fifo in self._carried(Carrier.DMA):
            for end in fifo.consumers:
                if kinds[fifo.producer.node] is Kind.CORE and kinds[end.node] is Kind.MEMORY:
                    demand[end.node] = demand.get(end.node, 0) + 1
        self._at_most(demand, self.npu.core.ports.south)

    def _at_most(self, demand: Mapping[str, int], limit: int) -> None:
        if sum(demand.values()) > limit:
            for column in range(self.npu.columns):
                self.cp.add(sum(count * self.column(name, column) for name, count in demand.items()) <= limit)

    def _carried(self, carrier: Carrier) -> Sequence[Fifo]:
        return [fifo for fifo in self.mapped.fifos if carrier_of(self.mapped, fifo) is carrier]

    def _fixed(self) -> int:
        return self.npu.columns * sum(traffic(fifo) for fifo in self._carried(Carrier.DMA))

    def _over(self, border: int) -> Expression:
        """The bytes that cross a border in streams that never share memory."""
        total: Expression = 0
        for fifo in self._carried(Carrier.DMA):
            ends = [self.west[node][border] for node in sorted({end.node for end in fifo.ends})]
            total += traffic(fifo) * shortfall(self.cp, ends)
        return total

    def _count(self, borders: Borders, over: Sequence[Expression]) -> None:
        """What crosses a border is no less than is known of so many cores west of it."""
        for border, crossing in enumerate(over):
            least = {west: most for west, most in borders.by_number(border).items() if most < NOWHERE}
            number = {west: self.cp.new_bool_var("") for west in least}
            self.cp.add_exactly_one(number.values())
            standing = sum(self.west[name][border] for name in self.cores)
            self.cp.add(sum(west * here for west, here in number.items()) == standing)
            self.cp.add(crossing >= sum(least[west] * here for west, here in number.items()))

    def _near(self) -> Expression:
        """What streams cost that DMA carries where their cores do not share memory."""
        between: dict[Pair, int] = {}
        for fifo in self._carried(Carrier.NEAR):
            pair = frozenset(end.node for end in fifo.ends)
            between[pair] = between.get(pair, 0) + traffic(fifo)
        inside: dict[Pair, cp_model.IntVar] = {}
        beside: dict[Pair, cp_model.IntVar] = {}
        total: Expression = 0
        for pair, amount in between.items():
            here, there = sorted(pair)
            inside[pair], beside[pair] = self.cp.new_bool_var("inside"), self.cp.new_bool_var("beside")
            shares = inside[pair] + beside[pair]
            self.cp.add_at_most_one(inside[pair], beside[pair])
            apart = [self._apart(here, there, border) for border in self.inner]
            for border in self.inner:
                self.cp.add_implication(inside[pair], ~apart[border])
                crossing = self.cp.new_bool_var("over")
                self.cp.add(crossing >= apart[border] - beside[pair])
                total += amount * crossing
            self.cp.add(sum(apart) == 1).only_enforce_if(beside[pair])
            total += self.npu.columns * amount * (1 - shares)
        self._meet(inside, beside)
        return total

    def _apart(self, here: str, there: str, border: int) -> cp_model.IntVar:
        apart = self.cp.new_bool_var("apart")
        one, other = self.west[here][border], self.west[there][border]
        self.cp.add(apart >= one - other)
        self.cp.add(apart >= other - one)
        self.cp.add(apart <= one + other)
        self.cp.add(apart <= 2 - one - other)
        return apart

    def _meet(self, inside: Mapping[Pair, cp_model.IntVar], beside: Mapping[Pair, cp_model.IntVar]) -> None:
        """Neighbours that cores have at most: each one, all together, and three of which each talks to both others."""
        for core in self.cores:
            for found in (inside, beside):
                self.cp.add(sum(var for pair, var in found.items() if core in pair) <= 2)
        height, count = self.npu.rows - 2, len(self.cores)
        self.cp.add(sum(inside.values()) <= (height - 1) * self.npu.columns)
        self.cp.add(sum(beside.values()) <= height * (self.npu.columns - 1))
        self.cp.add(sum(inside.values()) + sum(beside.values()) <= most_neighbours(count))
        partners: dict[str, set[str]] = {core: set() for core in self.cores}
        for here, there in map(sorted, inside):
            partners[here].add(there)
            partners[there].add(here)
        for here, there in map(sorted, inside):
            for third in sorted(partners[here] & partners[there]):
                if third > there:
                    pairs = [frozenset(each) for each in itertools.combinations((here, there, third), 2)]
                    self.cp.add(sum(inside[pair] + beside[pair] for pair in pairs) <= 2)
