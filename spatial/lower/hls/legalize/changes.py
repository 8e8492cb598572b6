"""What is done to an array in a function, and in which actors."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from spatial.lower.hls.legalize.boxes import Box
from spatial.source.span import Span
from spatial.types.tensor import TensorType

__all__ = ["Change", "Read", "Shape", "Write", "shape_of_box"]


class Read(Enum):
    """Where a function's loads of an array get its elements."""

    NONE = "not at all"
    DIRECT = "from the array"
    TAKE = "from a channel, when they are needed"
    FILL = "from a buffer, filled from a channel"
    COPY = "from a buffer, filled from the array"


class Write(Enum):
    """Where a function's stores to an array bring its elements."""

    NONE = "nowhere"
    DIRECT = "to the array"
    GIVE = "to a channel, when they are made"
    EMPTY = "to a buffer, emptied into a channel"
    MASKED = "to a buffer, emptied into a channel beside what was written"
    COPY = "to a buffer, copied to the array"


Shape = tuple[tuple[int, int], ...]
"""Counts and steps of a box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an actor's function does to the array at a position from now on, in a box of it.

    A buffer has only the dimensions of which the box has more than one index, unless the array is used `entire`.
    """

    position: int
    array: str
    type: TensorType
    read: Read
    write: Write
    box: Box
    entire: bool
    span: Span

    @property
    def buffered(self) -> bool:
        """Whether the function works on a buffer."""
        return self.read in (Read.FILL, Read.COPY) or self.write in (Write.EMPTY, Write.MASKED, Write.COPY)

    @property
    def direct(self) -> bool:
        """Whether the function still uses the array."""
        return Read.DIRECT is self.read or Write.DIRECT is self.write

    @property
    def copies(self) -> bool:
        """Whether the function copies between the array and its buffer."""
        return Read.COPY is self.read or Write.COPY is self.write

    @property
    def key(self) -> tuple[object, ...]:
        """What actors that share a function have in common."""
        shape = shape_of_box(self.box) if self.buffered else ()
        return (self.position, self.read, self.write, shape, self.entire)

    @property
    def axes(self) -> tuple[int, ...]:
        """The dimensions of the buffer."""
        return tuple(axis for axis, each in enumerate(self.box) if self.entire or each.count > 1)


def shape_of_box(box: Box) -> Shape:
    """The part of a box that does not say where it lies."""
    return tuple((each.count, each.step) for each in box)


def sizes(box: Box, axes: Sequence[int]) -> list[int]:
    """The counts of some dimensions."""
    return [box[axis].count for axis in axes]
