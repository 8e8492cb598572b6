"""What a schedule's user holds in place of loops and arrays: their names, which survive later steps."""

from dataclasses import dataclass, field
from pathlib import Path

from spatial.source.span import Span

__all__ = ["Band", "BandLike", "Buffer", "BufferLike", "Grid", "GridLike", "Loop", "LoopLike", "Reference"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Loop:
    """A loop by its name, in a function of the module; `extent` is how many iterations it had when this was made."""

    name: str
    kernel: str = field(compare=False)
    function: str
    extent: int | None = field(compare=False)
    span: Span = field(compare=False)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        count = "" if self.extent is None else f", {self.extent} iteration{'s' if self.extent != 1 else ''}"
        return f"<loop {self.kernel}:{self.name}{count}, {place(self.span)}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Buffer:
    """An array or a local scalar by its name, in a function; an array of the program itself is in no function."""

    name: str
    kernel: str = field(compare=False)
    function: str
    type: str = field(compare=False)
    span: Span = field(compare=False)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        owner = f"{self.kernel}:" if self.kernel else ""
        return f"<buffer {owner}{self.name}: {self.type}, {place(self.span)}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Band:
    """The loops of a `sp.grid` that has a name, the outermost first."""

    name: str
    loops: tuple[Loop, ...]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<band {self.name}: {', '.join(loop.name for loop in self.loops)}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Grid:
    """A kernel that is a grid of PEs, made at `span`."""

    name: str
    span: Span = field(compare=False)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<grid {self.name}, {place(self.span)}>"


Reference = Loop | Buffer | Band
LoopLike = str | Loop
BufferLike = str | Buffer
BandLike = str | Band | Loop
GridLike = str | Grid


def place(span: Span) -> str:
    """Where something stands, in short."""
    return f"{Path(span.file).name}:{span.line}"
