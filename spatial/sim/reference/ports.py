"""Writes the channel operations of a kernel's function."""

import math
from collections.abc import Callable, Iterable, Mapping

from spatial.ir.dialect import (
    EmptyOp,
    FullOp,
    GetBlockOp,
    GetOp,
    PeekBlockOp,
    PeekOp,
    PutOp,
    SelectBlockOp,
    SelectOp,
    TryGetBlockOp,
    TryGetOp,
    TryPutOp,
)
from spatial.ir.mlir import ir
from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.memory import SharedMemory
from spatial.sim.reference.writer import Writer

__all__ = ["BLOCKS", "CHANNEL_TEXT", "Ports"]


class Ports(Writer):
    """Text of channel operations; `watched` is the memory whose accesses are to be seen by the engine."""

    def __init__(self, reserved: Iterable[str], watched: set[ir.Value]) -> None:
        super().__init__(reserved)
        self.watched = watched

    def token(self, value: ir.Value, site: int) -> str:
        """A token to put: a number, or a copy of the memory."""
        name = self.names[value]
        if not isinstance(value.type, ir.MemRefType):
            return name
        return f"read_block({name}, lane.actor, {site})" if value in self.watched else f"tuple({name})"

    def fill(self, block: ir.Value, token: str, site: int) -> None:
        """Stores a token into memory."""
        name = self.names[block]
        if block in self.watched:
            self.write(f"write_block({name}, {token}, lane.actor, {site})")
        else:
            self.write(f"{name}[:] = {token}")

    def put(self, op: PutOp) -> None:
        site = self.site(op)
        self.write(f"yield from lane.put({self.names[op.stream]}, {self.token(op.value, site)}, {site})")

    def get(self, op: GetOp) -> None:
        stream = self.names[op.stream]
        self.write(f"{self.bind(op.value)} = yield from lane.get({stream}, {self.site(op)})")

    def get_block(self, op: GetBlockOp) -> None:
        site = self.site(op)
        self.fill(op.block, f"(yield from lane.get({self.names[op.stream]}, {site}))", site)

    def peek(self, op: PeekOp) -> None:
        stream, position = self.names[op.stream], self.names[op.position]
        self.write(f"{self.bind(op.value)} = yield from lane.peek({stream}, {position}, {self.site(op)})")

    def peek_block(self, op: PeekBlockOp) -> None:
        site, position = self.site(op), self.names[op.position]
        self.fill(op.block, f"(yield from lane.peek({self.names[op.stream]}, {position}, {site}))", site)

    def try_put(self, op: TryPutOp) -> None:
        site = self.site(op)
        token = self.token(op.value, site)
        self.write(f"{self.bind(op.done)} = lane.try_put({self.names[op.stream]}, {token}, {site})")

    def try_get(self, op: TryGetOp) -> None:
        done, value, zero = self.bind(op.done), self.bind(op.value), zero_text(op.value.type)
        self.write(f"{done}, {value} = lane.try_get({self.names[op.stream]}, {zero}, {self.site(op)})")

    def try_get_block(self, op: TryGetBlockOp) -> None:
        site, done, token, kind = self.site(op), self.bind(op.done), self.fresh("token"), op.block.type
        zeros = f"({zero_text(kind.element_type)},) * {math.prod(kind.shape)}"
        self.write(f"{done}, {token} = lane.try_get({self.names[op.stream]}, {zeros}, {site})")
        self.fill(op.block, token, site)

    def empty(self, op: EmptyOp) -> None:
        self.write(f"{self.bind(op.holds)} = lane.empty({self.names[op.stream]}, {self.site(op)})")

    def full(self, op: FullOp) -> None:
        self.write(f"{self.bind(op.holds)} = lane.full({self.names[op.stream]}, {self.site(op)})")

    def select(self, op: SelectOp) -> None:
        chosen, value, streams = self.bind(op.chosen), self.bind(op.value), self.group(op)
        self.write(f"{chosen}, {value} = yield from lane.select({streams}, {self.site(op)})")

    def select_block(self, op: SelectBlockOp) -> None:
        site, chosen, token = self.site(op), self.bind(op.chosen), self.fresh("token")
        self.write(f"{chosen}, {token} = yield from lane.select({self.group(op)}, {site})")
        self.fill(op.block, token, site)

    def group(self, op: SelectOp | SelectBlockOp) -> str:
        return f"({', '.join(self.names[stream] for stream in op.streams)},)"


def zero_text(kind: ir.Type) -> str:
    """Zero of a type."""
    return "0.0" if isinstance(kind, ir.FloatType) else "0"


def read_block(memory: SharedMemory, actor: ActorState, site: int) -> tuple[object, ...]:
    """A copy of watched memory."""
    return tuple(memory.read(position, actor, site) for position in range(len(memory.values)))


def write_block(memory: SharedMemory, token: Iterable[object], actor: ActorState, site: int) -> None:
    """Stores a block into watched memory."""
    for position, value in enumerate(token):
        memory.write(position, value, actor, site)


BLOCKS: Mapping[str, object] = {"read_block": read_block, "write_block": write_block}
CHANNEL_TEXT: Mapping[type, Callable[..., None]] = {
    EmptyOp: Ports.empty,
    FullOp: Ports.full,
    GetBlockOp: Ports.get_block,
    GetOp: Ports.get,
    PeekBlockOp: Ports.peek_block,
    PeekOp: Ports.peek,
    PutOp: Ports.put,
    SelectBlockOp: Ports.select_block,
    SelectOp: Ports.select,
    TryGetBlockOp: Ports.try_get_block,
    TryGetOp: Ports.try_get,
    TryPutOp: Ports.try_put,
}
