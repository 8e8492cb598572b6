"""Small networks as data: channels, and for each actor what it does, one statement after the other.

Expressions are Python text; they read alike in a kernel and in the oracle, which evaluates them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

WRITES = ("put", "try_put", "full", "scatter")
POLLS = ("try_get", "try_put", "empty", "full")
LOOKS = ("empty", "full", "peek")
BITS = {"int32": 32, "Int(600)": 600, "int32[2]": 64, "int32[9]": 288, "Pair": 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chan:
    """A channel of tokens of type `token`, or an array of `extent` of them; each starts with the `initial` tokens."""

    name: str
    token: str = "int32"
    depth: int = 2
    initial: tuple[int, ...] = ()
    extent: int = 0

    @property
    def names(self) -> list[str]:
        return [f"{self.name}[{n}]" for n in range(self.extent)] if self.extent else [self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """A channel operation; `index` chooses a channel of an array, `target` is given what it answers.

    `place` is that of a `peek`. `try_get` tells `<target>_ok` too, `select` `<target>_at`.
    """

    what: str
    chan: str
    index: str = ""
    value: str = ""
    target: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """An assignment to a local, or to an element of one."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Leaves the loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class If:
    """A branch."""

    test: str
    body: tuple["Statement", ...]
    orelse: tuple["Statement", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe:
    """What is asked of a pipeline."""

    ii: int | None = None
    latency: int | None = None
    style: str = "elastic"
    stages: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """A loop of `trips` iterations; `plain` ones are not pipelined."""

    var: str
    trips: int
    body: tuple["Statement", ...]
    pipe: Pipe = field(default_factory=Pipe)
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class While:
    """A loop that goes on while `test` holds, in which `{}` stands for what the operation `head` answers."""

    test: str
    body: tuple["Statement", ...]
    head: Op | None = None


Statement = Op | Set | Break | If | For | While


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An actor; one of the `library` is declared by a call of that name with what it takes and makes.

    `cells` are its locals that are assigned more than once, `blocks` those that are arrays, with their types.
    """

    name: str
    body: tuple[Statement, ...]
    cells: tuple[str, ...] = ()
    blocks: tuple[tuple[str, str], ...] = ()
    library: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A network on a device."""

    device: str
    chans: tuple[Chan, ...]
    actors: tuple[Actor, ...]

    def chan(self, name: str) -> Chan:
        return next(chan for chan in self.chans if chan.name == name)


def walk(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """All statements, nested ones behind what holds them."""
    for statement in body:
        yield statement
        match statement:
            case If(body=inner, orelse=other):
                yield from walk(inner)
                yield from walk(other)
            case For(body=inner):
                yield from walk(inner)
            case While(body=inner, head=head):
                if head:
                    yield head
                yield from walk(inner)


def ops_of(body: tuple[Statement, ...]) -> list[Op]:
    return [statement for statement in walk(body) if isinstance(statement, Op)]


def ends_of(net: Net, op: Op) -> list[str]:
    """The channels that an operation may use."""
    chan = net.chan(op.chan)
    if not chan.extent or op.what in ("select", "gather", "scatter"):
        return chan.names
    return [f"{chan.name}[{op.index}]"] if op.index.isdigit() else chan.names
