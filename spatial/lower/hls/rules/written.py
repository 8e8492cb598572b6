"""What our C++ consists of, as far as the rules of Vitis HLS concern it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = [
    "NAME",
    "Call",
    "Code",
    "Declaration",
    "Loop",
    "Made",
    "Other",
    "Parameter",
    "Pragma",
    "Process",
    "Statement",
    "Struct",
    "every",
]

NAME = r"[A-Za-z_]\w*"
KEYWORDS = ("if", "else", "while", "do", "switch", "return", "break", "continue", "goto")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a function: `kind` is "stream", "array" or "value"."""

    name: str
    type: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A function of `processes.h`: what it returns, and by position the streams it reads and those it writes.

    It is `endless` where it has a loop without an end.
    """

    name: str
    returns: str
    parameters: tuple[Parameter, ...]
    reads: frozenset[int]
    writes: frozenset[int]
    endless: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pragma:
    """A line `#pragma HLS ...`, without these words."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A local variable; `shape` are its extents, `value` what it begins with or its constructor is given."""

    type: str
    name: str
    shape: tuple[int, ...]
    value: str
    line: int

    @property
    def stream(self) -> bool:
        """Whether it is a stream, or an array of streams."""
        return "hls::stream<" in self.type

    @property
    def task(self) -> bool:
        """Whether it is a task, or an array of tasks."""
        return "hls::task" in self.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a process, or its start as a task."""

    function: str
    arguments: tuple[str, ...]
    line: int
    task: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A `for`; `values` are those of its variable, None where its head is not one that is known before it runs."""

    variable: str
    values: range | None
    declared: bool
    body: tuple["Statement", ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Anything else, as its text."""

    text: str
    line: int

    @property
    def keyword(self) -> str:
        """The word of the language that it begins with, if it does."""
        match = re.match(NAME, self.text)
        return match[0] if match and match[0] in KEYWORDS else ""


Statement: TypeAlias = Pragma | Declaration | Call | Loop | Other


@dataclass(frozen=True, slots=True, kw_only=True)
class Struct:
    """A struct's members, as text."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One of the calls that a call in loops becomes: what each argument is, its name with numbers for indices."""

    call: Call
    arguments: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A design as C++: its top function, its processes by name, and its structs."""

    top: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    processes: Mapping[str, Process]
    structs: tuple[Struct, ...]
    made: tuple[Made, ...] = field(default=(), repr=False)

    def statements(self) -> Iterator[Statement]:
        """Every statement of the top function, those in loops behind the loop."""
        return every(self.body)


def every(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """Every statement of a block, those in loops behind the loop."""
    for statement in body:
        yield statement
        if isinstance(statement, Loop):
            yield from every(statement.body)
