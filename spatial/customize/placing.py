"""The step of a schedule that pins a program to tiles of an NPU."""

from collections.abc import Sequence

from spatial.customize.addresses import Selected
from spatial.customize.references import Buffer, Grid
from spatial.customize.steps import Site, Steps, primitive
from spatial.ir.dialect import ActorOp
from spatial.ir.function import parameters
from spatial.ir.graph import element_name
from spatial.ir.pins import Pin, pin, pin_array
from spatial.source.errors import Misuse, ProgramError

__all__ = ["PlaceSteps"]


class PlaceSteps(Steps):
    """Pins for NPUs."""

    @primitive
    def place(self, at: Site, what: object, tile: Sequence[int] | None = None, *, stack: int | None = None) -> None:
        """Pins a PE to a core of an NPU, a stream to a memory tile or a shim, or an array to a shim.

            s.place(s["pe"][0, 0], tile=(0, 2), stack=2048); s.place("fifo[1]", tile=(1, 1)); s.place(s.A, tile=(0, 0))

        `tile` is (column, row): row 0 has the shims, row 1 the memory tiles, the rows above the cores. `stack` is how
        many bytes of a core's memory its stack takes; it may be given for several PEs at once. Other targets
        take no notice. Always legal here; a pin that an NPU cannot obey is refused when it is placed.
        """
        wanted = Pin(tile=_tile(tile, at), stack=_stack(stack, at))
        if wanted == Pin():
            title = "`place` is told neither a tile nor a stack"
            raise ProgramError([Misuse(title=title, span=at.span, hint='write `s.place(s["pe"], tile=(0, 2))`')])
        if isinstance(what, Selected | Grid):
            _pin_actors(at, at.actors([what]), wanted)
            return
        if stack is not None:
            raise ProgramError([Misuse(title="only PEs have a stack", span=at.span, hint='give `s["pe"][0, 0]`')])
        if channels := at.channels(what):
            for channel in channels:
                pin(channel, wanted)
            return
        array = _array(at, what) if isinstance(what, Buffer | str) else None
        if array is None:
            title = f"`place` takes PEs, streams by name, and arrays of the program, not `{what!r}`"
            raise ProgramError([Misuse(title=title, span=at.span, hint='give `s["pe"][0, 0]`, `"fifo[1]"` or `s.A`')])
        pin_array(at.module, array, wanted)


def _array(at: Site, given: Buffer | str) -> str | None:
    """The array of the program that is meant, which a kernel may be given under a name of its own."""
    if (array := at.array(given)) is not None:
        return array
    buffer = at.lookup.buffer(given)
    names = [parameter.name for parameter in parameters(at.state.functions[buffer.function])]
    actors = at.state.actors[buffer.function]
    if buffer.name not in names or not actors:
        return None
    place = names.index(buffer.name) - len(actors[0].values) - len(actors[0].channels)
    return actors[0].arrays[place] if place >= 0 else None


def _pin_actors(at: Site, names: Sequence[str], wanted: Pin) -> None:
    """Pins actors, one if to a tile."""
    if wanted.tile is not None and len(names) > 1:
        title = f"{len(names)} PEs are pinned to tile {wanted.tile}, and a tile runs one"
        raise ProgramError([Misuse(title=title, span=at.span, hint='pick one: `s["pe"][0, 0]`')])
    for op in at.region.entry_block.operations:
        if isinstance(op, ActorOp) and element_name(op.kernel.value, tuple(axis.value for axis in op.pid)) in names:
            pin(op, wanted)


def _tile(tile: Sequence[int] | None, at: Site) -> tuple[int, int] | None:
    if tile is None:
        return None
    found = tuple(tile) if isinstance(tile, list | tuple) else ()
    if len(found) != 2 or not all(isinstance(each, int) and not isinstance(each, bool) and each >= 0 for each in found):
        title = f"a tile is a column and a row, counted from 0, not `{tile!r}`"
        raise ProgramError([Misuse(title=title, span=at.span, hint="write `tile=(0, 2)`")])
    return found[0], found[1]


def _stack(stack: int | None, at: Site) -> int | None:
    if stack is None or (isinstance(stack, int) and not isinstance(stack, bool) and stack > 0 and stack % 32 == 0):
        return stack
    title = f"a stack is a multiple of 32 bytes, not `{stack!r}`"
    raise ProgramError([Misuse(title=title, span=at.span, hint="write `stack=2048`")])
