"""Pins that nothing obeys: of what takes no tile, or none of that kind."""

from collections.abc import Iterator

from spatial.ir.pins import Pin
from spatial.lower.aie.design import Kind
from spatial.lower.aie.errors import LostPin
from spatial.lower.aie.mapping.builder import Builder
from spatial.source.span import UNKNOWN, Span

__all__ = ["lost_pins"]

MOVES = "only moves tokens, for which it takes no core"
STREAM = 'pin the PEs at its ends, `s.place(s["pe"][0, 0], tile=...)`'
ARRAY = "a shim fetches and stores arrays: write `tile=({}, 0)`"


def lost_pins(builder: Builder) -> Iterator[LostPin]:
    """The pins to tiles of actors, channels and arrays that no node of the mapped program has."""
    graph = builder.graph
    for name, pin in builder.pins.actors.items():
        if name not in builder.cores and pin.tile is not None:
            actor = graph.actor.get(name)
            hint = "pin the arrays that it moves, `s.place(s.A, tile=(0, 0))`, or leave the pin out"
            yield _lost(name, pin, MOVES, actor.span if actor is not None else _anywhere(builder), hint)
    for name, pin in builder.pins.channels.items():
        if name not in builder.kept and pin.tile is not None:
            channel = graph.channel.get(name)
            span = channel.span if channel is not None else _anywhere(builder)
            yield _lost(name, pin, _why(builder, name, pin), span, STREAM)
    for name, pin in builder.pins.arrays.items():
        if pin.tile is not None and pin.tile not in _shims(builder, name):
            span = next((actor.span for actor in graph.actors if name in actor.arrays), _anywhere(builder))
            if pin.tile[1] > 0:
                yield _lost(name, pin, "is an array of the host", span, ARRAY.format(pin.tile[0]))
            elif _shims(builder, name):
                why = "passes by a stream that is pinned to another one"
                yield _lost(name, pin, why, span, "leave one of the two pins out")
            else:
                yield _lost(name, pin, "is not moved by any shim", span, "leave the pin out")


def _lost(name: str, pin: Pin, why: str, span: Span, hint: str) -> LostPin:
    assert pin.tile is not None, "only tiles are asked for"
    return LostPin(name=name, tile=pin.tile, why=why, span=span, hint=hint)


def _why(builder: Builder, name: str, pin: Pin) -> str:
    channel = builder.graph.channel.get(name)
    ends = [end.actor for end in (channel.writer, channel.reader) if end is not None] if channel is not None else []
    if len(ends) == 2 and all(end in builder.cores for end in ends):
        return "runs from core to core, by no memory tile or shim of its own"
    assert pin.tile is not None, "only tiles are asked for"
    match pin.tile[1]:
        case 0:
            return "passes no shim of its own, or one that another pin has put elsewhere"
        case 1:
            return "passes no memory tile, or one that another pin has put elsewhere"
        case _:
            return "passes memory tiles and shims, no cores"


def _shims(builder: Builder, array: str) -> set[tuple[int, int] | None]:
    """Where the shims of an array are pinned, if they are."""
    fifos = {each.fifo for each in builder.transfers if each.array == array}
    ends = {end.node for fifo in builder.fifos if fifo.name in fifos for end in fifo.ends}
    return {node.tile for node in builder.nodes if node.kind is Kind.SHIM and node.name in ends}


def _anywhere(builder: Builder) -> Span:
    return next((actor.span for actor in builder.graph.actors), UNKNOWN)
