"""How an array's elements are laid out in banks: a lattice, ordered by what can be accessed in parallel."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["KINDS", "Cut", "Layout", "parse_layout", "whole"]

KINDS = ("complete", "block", "cyclic")
_CUT = re.compile(r"whole|complete|block\((?P<blocks>\d+)\)(?: cyclic\((?P<both>\d+)\))?|cyclic\((?P<ways>\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How a dimension of `extent` elements is cut: into `blocks`, each of which takes turns over so many `ways`.

    Both divide the extent. Element i lies in bank (i // (extent / blocks), i % ways). Two cuts are equal when they lay
    out elements alike: one that leaves each alone in its bank is `complete`, with a block for each.
    """

    extent: int
    blocks: int = 1
    ways: int = 1

    def __post_init__(self) -> None:
        if self.extent % self.blocks or self.extent % self.ways:
            raise ValueError(f"{self.blocks} blocks of {self.ways} ways do not divide {self.extent} elements")
        if self.blocks * self.ways >= self.extent:
            object.__setattr__(self, "blocks", self.extent)
            object.__setattr__(self, "ways", 1)

    @property
    def length(self) -> int:
        """The elements of a block."""
        return self.extent // self.blocks

    @property
    def banks(self) -> int:
        """How many banks there are."""
        return self.blocks * self.ways

    @property
    def words(self) -> int:
        """The elements of a bank, the largest where banks are not alike."""
        return -(-self.length // self.ways)

    @property
    def complete(self) -> bool:
        """Whether each element has a bank of its own."""
        return self.blocks == self.extent

    def bank(self, index: int) -> tuple[int, int]:
        """The block and the way of an element."""
        return index // self.length, index % self.ways

    def join(self, other: "Cut") -> "Cut":
        """The least cut that serves what either serves."""
        return Cut(extent=self.extent, blocks=math.lcm(self.blocks, other.blocks), ways=math.lcm(self.ways, other.ways))

    def serves(self, other: "Cut") -> bool:
        """Whether elements that lie in two banks of the other lie in two of this one."""
        return self.join(other) == self

    def __str__(self) -> str:
        if self.banks == 1:
            return "whole"
        if self.complete:
            return "complete"
        parts = (f"block({self.blocks})" if self.blocks > 1 else "", f"cyclic({self.ways})" if self.ways > 1 else "")
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How an array is cut: each dimension by itself. Printed `[complete, cyclic(4)]`."""

    cuts: tuple[Cut, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of the array."""
        return tuple(cut.extent for cut in self.cuts)

    @property
    def banks(self) -> int:
        """How many banks there are."""
        return math.prod(cut.banks for cut in self.cuts)

    @property
    def words(self) -> int:
        """The elements of a bank, the largest where banks are not alike."""
        return math.prod(cut.words for cut in self.cuts)

    @property
    def complete(self) -> bool:
        """Whether each element is a register of its own."""
        return all(cut.complete for cut in self.cuts)

    def bank(self, indices: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """The bank of an element: the block and the way along each dimension."""
        return tuple(cut.bank(index) for cut, index in zip(self.cuts, indices, strict=True))

    def join(self, other: "Layout") -> "Layout":
        """The least layout that serves what either serves: component by component."""
        return Layout(cuts=tuple(a.join(b) for a, b in zip(self.cuts, other.cuts, strict=True)))

    def serves(self, other: "Layout") -> bool:
        """Whether elements that lie in two banks of the other lie in two of this one."""
        return all(a.serves(b) for a, b in zip(self.cuts, other.cuts, strict=True))

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.cuts))}]"


def whole(shape: Sequence[int]) -> Layout:
    """An array that lies in one bank."""
    return Layout(cuts=tuple(Cut(extent=extent) for extent in shape))


@lru_cache(maxsize=1024)
def parse_layout(text: str, shape: tuple[int, ...]) -> Layout:
    """The layout of an array of a shape that prints so. Raises `ValueError` where there is none."""
    parts = text.removeprefix("[").removesuffix("]").split(", ")
    if f"[{', '.join(parts)}]" != text or len(parts) != len(shape):
        raise ValueError(f"not a layout of {len(shape)} dimensions: {text}")
    return Layout(cuts=tuple(_cut(part, extent) for part, extent in zip(parts, shape, strict=True)))


def _cut(text: str, extent: int) -> Cut:
    found = _CUT.fullmatch(text)
    if found is None:
        raise ValueError(f"not a cut: {text}")
    blocks = extent if text == "complete" else int(found["blocks"] or 1)
    return Cut(extent=extent, blocks=blocks, ways=int(found["both"] or found["ways"] or 1))
