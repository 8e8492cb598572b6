"""What our C++ consists of, as far as the rules of Vitis HLS concern it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TypeAlias

__all__ = [
    "NAME",
    "Call",
    "Code",
    "Declaration",
    "Element",
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
Element: TypeAlias = tuple[str, tuple[int, ...]]
"""A stream, or one of an array of them."""

Ends: TypeAlias = Mapping[Element, Sequence[int]]
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
    arguments: tuple[Element, ...]


@dataclass(frozen=True, kw_only=True)
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

    @cached_property
    def ends(self) -> tuple[Ends, Ends]:
        """The places in `made` of the calls that read each stream, and of those that write it."""
        readers: dict[Element, list[int]] = defaultdict(list)
        writers: dict[Element, list[int]] = defaultdict(list)
        shapes = {each.name: each.shape for each in self.statements() if isinstance(each, Declaration) and each.stream}
        for place, made in enumerate(self.made):
            process = self.processes.get(made.call.function)
            for used, ends in ((process.reads, readers), (process.writes, writers)) if process else ():
                for position in sorted(used):
                    for element in _given(made.arguments[position], shapes):
                        ends[element].append(place)
        return readers, writers


def _given(argument: Element, shapes: Mapping[str, tuple[int, ...]]) -> Iterable[Element]:
    """The streams that an argument is: one, or all of an array."""
    name, indices = argument
    extents = shapes.get(name, ())[len(indices) :]
    return [(name, (*indices, *others)) for others in product(*map(range, extents))] if extents else [argument]


def every(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """Every statement of a block, those in loops behind the loop."""
    for statement in body:
        yield statement
        if isinstance(statement, Loop):
            yield from every(statement.body)
