"""What comes out of lowering a kernel's function: text, and what the numbers in it mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.source.span import Span

__all__ = ["Armed", "Code", "Lanes", "Place", "Round", "Stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An operation that can wait or fail; `what` says how it fails, `{}` standing for the value it met.

    `parameter` is the position of the array that it touches, where others touch that too.
    """

    operation: str
    span: Span
    what: str = ""
    parameter: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """A channel operation that happens at the end of its stage: the parameter it is on, and in which way.

    Where it stands in a branch, `flag` is the byte of the actor that tells whether it has been reached.
    """

    parameter: int
    puts: bool
    flag: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A state in which an actor waits at a place for a channel, and with it what is `armed` already."""

    parameter: int
    puts: bool
    place: int
    armed: tuple[Armed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A state in which an actor pauses in a `while`: its place, and what is `kept` of it, begins and sizes in bytes.

    Cycles are not among that.
    """

    place: int
    kept: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """The iterations in flight of an overlapping pipeline: `count` places of `size` bytes each from `base` on.

    `oldest` and `next` are where the actor keeps the numbers of the oldest one and of the next to begin.
    An iteration waits in the states of `waits`; `armed` are all channel operations, their flags counted from its
    begin.
    """

    base: int
    size: int
    count: int
    oldest: int
    next: int
    waits: Mapping[int, Stop]
    armed: tuple[Armed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kernel's function as text of the LLVM dialect.

    `stops` are the states in which it waits, by number, `lanes` those in which iterations that overlap do, `rounds`
    those in which it pauses in a `while`. `tables` are the constant arrays it is given behind its own arguments,
    `shadows` the positions of array arguments whose marks it is given behind those, `records` of those whose accesses
    it is given records for. An actor that runs it takes so many `bytes`.
    """

    name: str
    text: str
    places: tuple[Place, ...]
    stops: Mapping[int, Stop]
    lanes: Mapping[int, Lanes]
    rounds: Mapping[int, Round]
    tables: tuple[str, ...]
    shadows: Sequence[int]
    records: Sequence[int]
    bytes: int
