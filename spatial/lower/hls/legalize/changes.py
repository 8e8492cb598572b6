"""What is done to an array in a function, and in which actors."""

from dataclasses import dataclass, field
from enum import Enum

from spatial.lower.hls.legalize.boxes import Box
from spatial.source.span import Span
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["Change", "Hand", "Read", "Shape", "Start", "Write", "shape_of_box"]


class Read(Enum):
    """Where a function's loads of an array get its elements."""

    NONE = "not at all"
    DIRECT = "from the array"
    TAKE = "from a channel, when they are needed"
    FILL = "from a buffer, filled from a channel"
    BLOCK = "from a buffer, which is one token of a channel"
    COPY = "from a buffer, filled from the array"
    BEGIN = "from a buffer, which begins as the memory does"
    TABLE = "from a constant"


class Write(Enum):
    """Where a function's stores to an array bring its elements."""

    NONE = "nowhere"
    DIRECT = "to the array"
    GIVE = "to a channel, when they are made"
    EMPTY = "to a buffer, emptied into a channel"
    BLOCK = "to a buffer, put into a channel as one token"
    MASKED = "to a buffer, emptied into a channel beside what was written"
    COPY = "to a buffer, copied to the array"
    KEEP = "to a buffer, of which others are told"


BUFFERED = (
    *(Read.FILL, Read.BLOCK, Read.COPY, Read.BEGIN),
    *(Write.EMPTY, Write.BLOCK, Write.MASKED, Write.COPY, Write.KEEP),
)

Shape = tuple[tuple[int, int], ...]
"""Counts and steps of a box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The part `box` of a buffer goes with each token of the channel at a position: out if the function `puts` them."""

    channel: int
    puts: bool
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an actor's function does to the array at a position from now on, in a box of it.

    A buffer has only the dimensions of which the box has more than one index, unless the array is used `entire`.
    `initial` are the first values of what is memory of the module's own, `hands` what goes to others and comes from
    them, `storage` what a buffer is bound to.
    """

    position: int
    array: str
    type: TensorType | DType
    read: Read
    write: Write
    box: Box
    entire: bool
    span: Span
    initial: tuple[int | float, ...] = ()
    hands: tuple[Hand, ...] = ()
    storage: str = ""

    @property
    def buffered(self) -> bool:
        """Whether the function works on a buffer."""
        return self.read in BUFFERED or self.write in BUFFERED

    @property
    def direct(self) -> bool:
        """Whether the function still uses the array."""
        return Read.DIRECT is self.read or Write.DIRECT is self.write

    @property
    def copies(self) -> bool:
        """Whether the function copies between the array and its buffer."""
        return Read.COPY is self.read or Write.COPY is self.write

    @property
    def token(self) -> TensorType | DType:
        """The type of the buffer: that of the one token that it is filled from, or put as."""
        counts = tuple(self.box[axis].count for axis in self.axes)
        return TensorType(element_of(self.type), counts) if counts else element_of(self.type)

    @property
    def key(self) -> tuple[object, ...]:
        """What actors that share a function have in common."""
        shape = shape_of_box(self.box) if self.buffered else ()
        return (self.position, self.read, self.write, shape, self.entire, repr(self.initial), self.hands, self.storage)

    @property
    def axes(self) -> tuple[int, ...]:
        """The dimensions of the buffer."""
        return tuple(axis for axis, each in enumerate(self.box) if self.entire or each.count > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The tokens that the channel at a position begins with: its writer puts them before everything else.

    `tokens` are the elements of all of them.
    """

    position: int
    type: DType | TensorType
    tokens: tuple[int | float, ...]
    span: Span = field(compare=False)


def shape_of_box(box: Box) -> Shape:
    """The part of a box that does not say where it lies."""
    return tuple((each.count, each.step) for each in box)
