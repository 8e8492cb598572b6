"""Pragmas that cut an array into banks."""

from collections.abc import Iterator

from spatial.ir.layouts import layout_of
from spatial.ir.location import span_of
from spatial.ir.mlir import ir
from spatial.lower.hls.errors import NotInHls
from spatial.source.errors import ProgramError

__all__ = ["partition_pragmas", "refuse_banks"]


def partition_pragmas(memory: ir.Value, name: str) -> list[str]:
    """A pragma for each dimension of an array that is cut, one for all if each element is a register.

    Raises `ProgramError` where a dimension is cut both ways: Vitis HLS has one kind of partition for each (UG1399).
    """
    layout = layout_of(memory)
    kinds = ["type=complete dim=0"] if layout and layout.complete else _kinds(memory, name)
    return [f"#pragma HLS array_partition variable={name} {kind}" for kind in kinds]


def refuse_banks(memory: ir.Value, name: str) -> None:
    """Raises `ProgramError` where an array that a process uses where it lies is cut into banks."""
    if layout := layout_of(memory):
        title = f"`{name}` is cut into {layout.banks} banks, and too large or otherwise not fit to be held on chip"
        hint = f"copy the part in use first, as `s.buffer_at(s.{name}, loop)` does, and partition the copy"
        raise ProgramError([NotInHls(title=title, span=span_of(memory.location), hint=hint)])


def _kinds(memory: ir.Value, name: str) -> Iterator[str]:
    layout = layout_of(memory)
    for axis, cut in enumerate(layout.cuts if layout else ()):
        if cut.complete and cut.extent > 1:
            yield f"type=complete dim={axis + 1}"
        elif cut.blocks > 1 and cut.ways > 1:
            title = f"dimension {axis} of `{name}` is cut into blocks and within them cyclically: `{cut}`"
            hint = f"make it two dimensions: `s.reshape(s.{name}, ...)` with {cut.blocks} x {cut.length} for it"
            raise ProgramError([NotInHls(title=title, span=span_of(memory.location), hint=hint)])
        elif cut.banks > 1:
            kind = "block" if cut.blocks > 1 else "cyclic"
            yield f"type={kind} factor={cut.banks} dim={axis + 1}"
