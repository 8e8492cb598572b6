"""Where a schedule wants actors, channels and arrays to stand on an NPU, kept in the module."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.ir.dialect import ActorOp, ChannelOp
from spatial.ir.function import region_function
from spatial.ir.graph import element_name
from spatial.ir.mlir import ir

__all__ = ["Pin", "Pins", "join_pins", "keep_pin", "pin", "pin_array", "pins_of", "tile_of"]

TILE, STACK, TILES = "df.tile", "df.stack", "df.tiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A tile, as (column, row), and the bytes of a core's stack; what is not asked for is None."""

    tile: tuple[int, int] | None = None
    stack: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """All pins of a module, by the names of actors, channels and arrays."""

    actors: Mapping[str, Pin]
    channels: Mapping[str, Pin]
    arrays: Mapping[str, Pin]


def pin(op: ir.OpView | ir.Operation, wanted: Pin) -> None:
    """Pins an actor or a channel; what it is not told stays as it was."""
    i64 = ir.IntegerType.get_signless(64)
    if wanted.tile is not None:
        op.operation.attributes[TILE] = _tile(wanted.tile)
    if wanted.stack is not None:
        op.operation.attributes[STACK] = ir.IntegerAttr.get(i64, wanted.stack)


def pin_array(module: ir.Module, name: str, wanted: Pin) -> None:
    """Pins the host's end of an array."""
    region = region_function(module)
    before = {each.name: each.attr for each in region.attributes[TILES]} if TILES in region.attributes else {}
    if wanted.tile is not None:
        region.attributes[TILES] = ir.DictAttr.get({**before, name: _tile(wanted.tile)})


def keep_pin(before: ir.Operation, made: ir.Operation) -> None:
    """What stands in place of an operation is pinned as that was."""
    for key in (TILE, STACK):
        if key in before.attributes:
            made.attributes[key] = before.attributes[key]


def tile_of(op: ir.OpView) -> tuple[int, int] | None:
    """The tile that an actor or a channel is pinned to."""
    return _pin(op).tile


def join_pins(before: Sequence[ir.OpView], made: ir.Operation) -> None:
    """One actor in place of several stands where one of them is pinned, with the largest of their stacks."""
    pins = [_pin(op) for op in before]
    tiles = [each.tile for each in pins if each.tile is not None]
    stacks = [each.stack for each in pins if each.stack is not None]
    pin(made, Pin(tile=next(iter(tiles), None), stack=max(stacks, default=None)))


def pins_of(module: ir.Module) -> Pins:
    """Reads all pins."""
    region = region_function(module)
    actors: dict[str, Pin] = {}
    channels: dict[str, Pin] = {}
    for op in region.entry_block.operations:
        match op:
            case ActorOp():
                actors[element_name(op.kernel.value, tuple(axis.value for axis in op.pid))] = _pin(op)
            case ChannelOp():
                channels[element_name(op.stream.value, tuple(each.value for each in op.indices))] = _pin(op)
    tiles = list(region.attributes[TILES]) if TILES in region.attributes else []
    return Pins(
        actors=_told(actors), channels=_told(channels), arrays={each.name: Pin(tile=_read(each.attr)) for each in tiles}
    )


def _told(pins: Mapping[str, Pin]) -> dict[str, Pin]:
    return {name: pin for name, pin in pins.items() if pin != Pin()}


def _pin(op: ir.OpView) -> Pin:
    given = op.operation.attributes
    return Pin(tile=_read(given[TILE]) if TILE in given else None, stack=given[STACK].value if STACK in given else None)


def _tile(tile: tuple[int, int]) -> ir.ArrayAttr:
    i64 = ir.IntegerType.get_signless(64)
    return ir.ArrayAttr.get([ir.IntegerAttr.get(i64, each) for each in tile])


def _read(attribute: ir.ArrayAttr) -> tuple[int, int]:
    column, row = (each.value for each in attribute)
    return column, row
