"""What comes out of lowering a kernel's function: text, and what the numbers in it mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.ir.location import Call
from spatial.source.span import Span
from spatial.types.dtype import DType

__all__ = ["Armed", "Code", "Lanes", "Message", "Place", "Round", "Stop", "Text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An operation that can wait or fail; `what` says how it fails, `{}` standing for the value it met.

    `parameter` is the position of the array that it touches, where others touch that too; `calls` are those of the
    functions that it stands in.
    """

    operation: str
    span: Span
    what: str = ""
    parameter: int | None = None
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A number in a text, by its type, a conversion and a format; it is noted in so many `words`."""

    dtype: DType
    conversion: str
    form: str
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text and what ends it: what always stands there, and numbers."""

    pieces: tuple[str | Text, ...]
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """A channel operation that happens at the end of its stage: the parameter it is on, and in which way.

    Where it stands in a branch, `flag` is the byte of the actor that tells whether it has been reached. One that has
    chosen among several channels keeps its choice in the word at `chosen`.
    """

    parameters: tuple[int, ...]
    puts: bool
    flag: int | None
    chosen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A state in which an actor waits at a place for a channel, and with it what is `armed` already.

    It waits for one of several by `choice`. A read needs so many `tokens` in the channel, or 1 more than the word of
    the actor at `position` says.
    """

    parameters: tuple[int, ...]
    puts: bool
    place: int
    armed: tuple[Armed, ...]
    tokens: int = 1
    position: int | None = None
    choice: bool = False


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
    begin. Those of an `elastic` pipeline have clocks of their own.
    """

    base: int
    size: int
    count: int
    oldest: int
    next: int
    waits: Mapping[int, Stop]
    armed: tuple[Armed, ...]
    elastic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kernel's function as text of the LLVM dialect.

    `stops` are the states in which it waits, by number, `lanes` those in which iterations that overlap do, `rounds`
    those in which it pauses in a `while`. `tables` are the constant arrays it is given behind its own arguments,
    `shadows` the positions of array arguments whose marks it is given behind those, `records` of those whose accesses
    it is given records for. An actor that runs it takes so many `bytes`. `messages` are its texts by place; before it
    stops it makes at most so many `notes`, besides one for each place, in each iteration in flight. `polls`
    gives for each place that asks a channel the position of that; the function is `clocked` if anything in it depends
    on time. Timelines need `rows` of loops and `queues` of channel operations, by place. An actor is not given the
    arguments at the positions `unused`. It runs freely where the function has an `endless` loop.
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
    messages: Mapping[int, Message]
    notes: int
    polls: Mapping[int, int]
    clocked: bool
    rows: Mapping[int, int]
    queues: Mapping[int, Stop]
    unused: frozenset[int]
    endless: bool
