"""A placement as constraints: which node stands on which tile, and what tiles hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.device.npu import Kind, Npu, Tile
from spatial.lower.aie.design import Fifo, Mapped, Node
from spatial.lower.aie.placement.demand import RESOURCES, Carrier, carrier_of, end_take, limit_of, shared_take, takes
from spatial.lower.aie.placement.solver import empty_model

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    Expression = cp_model.LinearExpr | int

__all__ = ["Limit", "Model", "near", "tiles_of"]


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """A limit that a placement may break: a resource of tiles of one kind, of the one at `place` where it is named.

    Of cores the place is a node's name, of other tiles the column.
    """

    kind: str
    resource: str
    place: str | int = ""


def tiles_of(node: Node, npu: Npu) -> tuple[Tile, ...]:
    """The tiles where a node may stand: the one it is pinned to, or all of its kind."""
    if node.tile is not None:
        return (node.tile,)
    return tuple(tile for tile in npu.tiles if npu.kind_of(tile) is node.kind)


def near(tile: Tile, npu: Npu) -> tuple[Tile, ...]:
    """The cores that share memory with the core at `tile`: one of the two reaches the other's memory."""
    column, row = tile
    around = ((column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1))
    return tuple(each for each in around if npu.has(each) and npu.kind_of(each) is Kind.CORE)


class Model:
    """The variables of a placement and the constraints on them.

    `at` says for each node and tile whether it stands there, `shares` for a fifo between two cores whether they are
    neighbours, `eastern` whether they are and the producer is the eastern one, so that the consumer's tile holds the
    objects. With `guarded`, each limit holds only while its literal in `guards` does, so that a core of limits that
    exclude each other can be asked for. `allowed` leaves nodes only some tiles.
    """

    def __init__(
        self, mapped: Mapped, npu: Npu, allowed: Mapping[str, tuple[Tile, ...]] | None = None, *, guarded: bool = False
    ) -> None:
        self.mapped = mapped
        self.npu = npu
        self.cp = empty_model()
        self.guarded = guarded
        self.guards: dict[Limit, cp_model.IntVar] = {}
        self.near_fifos = [fifo for fifo in mapped.fifos if carrier_of(mapped, fifo) is Carrier.NEAR]
        self.dma_fifos = [fifo for fifo in mapped.fifos if carrier_of(mapped, fifo) is Carrier.DMA]
        self.taken = takes(mapped, npu)
        self.at = {node.name: self._stand(node, (allowed or {}).get(node.name)) for node in mapped.nodes}
        self.shares: dict[str, cp_model.IntVar] = {}
        self.eastern: dict[str, cp_model.IntVar] = {}
        self._one_core_per_tile()
        for fifo in self.near_fifos:
            self._meet(fifo)
        self._limit_cores()
        self._limit_columns(Kind.MEMORY)
        self._limit_columns(Kind.SHIM)
        self._limit_streams_down()

    def west_of(self, node: str, border: int) -> Expression:
        """Whether a node stands west of the border between columns `border` and `border` + 1."""
        return sum(here for (column, _), here in self.at[node].items() if column <= border)

    def south_of(self, node: str, border: int) -> Expression:
        """Whether a node stands south of the border between rows `border` and `border` + 1."""
        return sum(here for (_, row), here in self.at[node].items() if row <= border)

    def in_column(self, node: str, column: int) -> Expression:
        """Whether a node stands in a column."""
        return sum(here for tile, here in self.at[node].items() if tile[0] == column)

    def _stand(self, node: Node, allowed: tuple[Tile, ...] | None) -> Mapping[Tile, cp_model.IntVar]:
        tiles = tiles_of(node, self.npu) if allowed is None else allowed
        here = {tile: self.cp.new_bool_var(f"{node.name} at {tile}") for tile in tiles}
        self.cp.add_exactly_one(here.values())
        return here

    def _one_core_per_tile(self) -> None:
        cores = [node for node in self.mapped.nodes if node.kind is Kind.CORE]
        for tile in self.npu.cores:
            here = [self.at[node.name][tile] for node in cores if tile in self.at[node.name]]
            self.cp.add_at_most_one(here)

    def _meet(self, fifo: Fifo) -> None:
        """A fifo is in shared memory exactly where its cores are neighbours: the vendor's compiler decides it so."""
        share = self.shares[fifo.name] = self.cp.new_bool_var(f"{fifo.name} is shared")
        east = self.eastern[fifo.name] = self.cp.new_bool_var(f"{fifo.name} is held by its consumer")
        self.cp.add_implication(east, share)
        producer, consumer = self.at[fifo.producer.node], self.at[fifo.consumers[0].node]
        for tile, here in producer.items():
            beside = [consumer[other] for other in near(tile, self.npu) if other in consumer]
            self.cp.add_bool_or([~share, ~here, *beside])
            for there in beside:
                self.cp.add_bool_or([share, ~here, ~there])
            west = consumer.get((tile[0] - 1, tile[1]))
            self.cp.add_bool_or([~east, ~here] if west is None else [~east, ~here, west])
            if west is not None:
                self.cp.add_bool_or([east, ~here, ~west])

    def _limit_cores(self) -> None:
        """What a core takes depends on which of its fifos are in shared memory, and on whose tile holds them."""
        for node in self.mapped.nodes:
            if node.kind is Kind.CORE:
                for resource in RESOURCES:
                    limit = limit_of(self.npu.core, resource)
                    if self._core_takes_at_most(node, resource) > limit:
                        demand = self.core_takes(node, resource)
                        self._at_most(demand, limit, Limit(Kind.CORE.value, resource, node.name))

    def _core_takes_at_most(self, node: Node, resource: str) -> int:
        """More than it takes of a resource on any tile."""
        fifos = [(fifo, end) for fifo in self.near_fifos for end in fifo.ends if end.node == node.name]
        ends = ((end_take(self.mapped, fifo, end), shared_take(fifo)) for fifo, end in fifos)
        certain = int(getattr(self.taken[node.name], resource))
        return certain + sum(max(int(getattr(take, resource)) for take in both) for both in ends)

    def core_takes(self, node: Node, resource: str) -> Expression:
        """What a core takes of a resource of its tile."""
        taken: Expression = getattr(self.taken[node.name], resource)
        for fifo in self.near_fifos:
            for end in fifo.ends:
                if end.node == node.name:
                    share, east = self.shares[fifo.name], self.eastern[fifo.name]
                    holds = share - east if end is fifo.producer else east
                    alone = getattr(end_take(self.mapped, fifo, end), resource)
                    taken += alone * (1 - share) + getattr(shared_take(fifo), resource) * holds
        return taken

    def _limit_columns(self, kind: Kind) -> None:
        nodes = [node for node in self.mapped.nodes if node.kind is kind]
        crowded = [each for each in RESOURCES if self._all_take(nodes, each) > limit_of(self.npu.limits(kind), each)]
        for column in range(self.npu.columns):
            for resource in crowded:
                demand = [
                    getattr(self.taken[each.name], resource) * self.in_column(each.name, column) for each in nodes
                ]
                limit = Limit(kind.value, resource, column)
                self._at_most(sum(demand), limit_of(self.npu.limits(kind), resource), limit)

    def _all_take(self, nodes: Sequence[Node], resource: str) -> int:
        return sum(getattr(self.taken[node.name], resource) for node in nodes)

    def _limit_streams_down(self) -> None:
        """What comes from cores into a memory tile comes down its own column: rows of memory tiles have no streams."""
        kind = self.mapped.node
        ends = [
            end.node
            for fifo in self.dma_fifos
            for end in fifo.consumers
            if kind[fifo.producer.node].kind is Kind.CORE and kind[end.node].kind is Kind.MEMORY
        ]
        for column in range(self.npu.columns):
            demand = sum(self.in_column(node, column) for node in ends)
            self._at_most(demand, self.npu.core.ports.south, Limit(Kind.MEMORY.value, "south", column))

    def _at_most(self, demand: Expression, most: int, limit: Limit) -> None:
        if isinstance(demand, int) and demand <= most:
            return
        constraint = self.cp.add(demand <= most)
        if self.guarded:
            constraint.only_enforce_if(self._guard(limit))

    def _guard(self, limit: Limit) -> cp_model.IntVar:
        if limit not in self.guards:
            self.guards[limit] = self.cp.new_bool_var(str(limit))
        return self.guards[limit]
