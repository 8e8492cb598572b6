"""Reads the file of a recorded design, field by field."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from spatial.analysis.series import Series
from spatial.sim.recorded.design import Design, Fifo, Recorded, Use
from spatial.sim.recorded.errors import BadDesign
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["read_design"]

T = TypeVar("T")
MAGIC = b"\x1f\x8b"
EXPECTED = 'a design is a JSON object with the lists "fifos" and "processes"'


def read_design(path: Path) -> Design:
    """The design in a file, JSON as it is or compressed by gzip; raises `ProgramError` with all that is wrong."""
    text = _text(path)
    try:
        found: object = json.loads(text)
    except json.JSONDecodeError as error:
        span = Span(str(path), error.lineno, error.colno, error.lineno, error.colno + 1)
        title = f"`{path.name}` is not JSON: {error.msg.lower()}"
        raise ProgramError([BadDesign(title=title, span=span, hint=EXPECTED)]) from None
    reader = Reader(path, text)
    try:
        return reader.design(found)
    except Flaw as flaw:
        raise ProgramError([flaw.problem]) from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data.startswith(MAGIC) else data).decode()
    except OSError as error:
        what = error.strerror or str(error)
    except (EOFError, zlib.error):
        what = "it is compressed by gzip, but damaged"
    except UnicodeDecodeError:
        what = "it is no text"
    title = f"cannot read `{path}`: {what[:1].lower()}{what[1:]}"
    raise ProgramError([BadDesign(title=title, span=Span(str(path), 1, 1, 1, 1))])


class Flaw(Exception):
    """A problem that ends the reading of one object."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An object of the file: what it is called, its fields, and where it stands."""

    what: str
    fields: Mapping[str, object]
    span: Span

    def flaw(self, title: str, hint: str = "") -> Flaw:
        return Flaw(BadDesign(title=title, span=self.span, label=self.what, hint=hint))

    def integer(self, name: str, least: int, default: int | None = None) -> int:
        """A field that is a number of at least `least`; one without default must be there."""
        value = self.fields.get(name, default)
        if name not in self.fields and default is None:
            raise self.flaw(f'{self.what} has no field "{name}"', f'add a number: "{name}": {max(1, least)}')
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.flaw(f'"{name}" of {self.what} is a number of at least {least}, not {_shown(value)}')
        return value

    def text(self, name: str, default: str | None = None) -> str:
        value = self.fields.get(name, default)
        if not isinstance(value, str) or not value:
            raise self.flaw(f'"{name}" of {self.what} is a text, not {_shown(value)}')
        return value

    def numbers(self, name: str) -> tuple[int, ...]:
        """A field that is a list of numbers, or is not there."""
        return tuple(_integers(self.fields.get(name, []), lambda: self._bad_list(name, "numbers")))

    def list(self, name: str) -> Sequence[object]:
        value = self.fields.get(name)
        if not isinstance(value, list):
            raise self._bad_list(name, "objects")
        return value

    def uses(self, name: str) -> tuple[Use, ...]:
        """The runs of a field by FIFO, each `[fifo, first, [[stride, count], ...]]`."""
        found: dict[int, list[Series]] = {}
        for number, run in enumerate(self.list(name)):
            fifo, series = self._run(f"{name}[{number}]", run)
            found.setdefault(fifo, []).append(series)
        return tuple(Use(fifo=fifo, iterations=tuple(series)) for fifo, series in found.items())

    def _run(self, place: str, run: object) -> tuple[int, Series]:
        match run:
            case [int() as fifo, int() as first, list() as dims]:
                pairs = [tuple(_integers(pair, lambda: self._bad_run(place, run))) for pair in dims]
                if first >= 0 and all(len(pair) == 2 and min(pair) >= 1 for pair in pairs):
                    return fifo, Series(first=first, strides=tuple((stride, count) for stride, count in pairs))
        raise self._bad_run(place, run)

    def _bad_run(self, place: str, run: object) -> Flaw:
        hint = "a run is `[fifo, first, [[stride, count], ...]]`, the first from 0, strides and counts from 1"
        return self.flaw(f'"{place}" of {self.what} is no run: {_shown(run)}', hint)

    def _bad_list(self, name: str, what: str) -> Flaw:
        return self.flaw(f'"{name}" of {self.what} is a list of {what}, not {_shown(self.fields.get(name))}')


class Reader:
    """Reads one file; it tells of every object that is wrong."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Problem] = []

    def design(self, found: object) -> Design:
        top = self.item("the design", found, 0)
        fifos = list(self.items(top, "fifos", self.fifo))
        processes = list(self.items(top, "processes", self.process))
        if self.problems:
            raise ProgramError(self.problems)
        return Design(
            name=top.text("name", self.path.name.removesuffix(".gz").removesuffix(".json")),
            fifos=tuple(fifos),
            processes=tuple(processes),
            cosim_cycles=top.integer("cosim_cycles", 1) if "cosim_cycles" in top.fields else None,
            span=top.span,
        )

    def items(self, top: Item, name: str, read: Callable[[Item], T]) -> Iterator[T]:
        """The objects of a list, as far as they are right."""
        values = top.list(name)
        for number, (value, offset) in enumerate(zip(values, self.offsets(name, len(values)), strict=True)):
            try:
                yield read(self.item(f"{name}[{number}]", value, offset))
            except Flaw as flaw:
                self.problems.append(flaw.problem)

    def fifo(self, item: Item) -> Fifo:
        return Fifo(
            id=item.integer("id", 0),
            name=item.text("name"),
            width_bits=item.integer("width_bits", 1),
            depth=item.integer("depth", 1),
            writer=item.integer("writer", 0),
            reader=item.integer("reader", 0),
            tokens=item.integer("tokens", 0),
            span=item.span,
        )

    def process(self, item: Item) -> Recorded:
        return Recorded(
            id=item.integer("id", 0),
            name=item.text("name"),
            ii=item.integer("ii", 1),
            iteration_latency=item.integer("iteration_latency", 1),
            iterations=item.integer("iterations", 0),
            reads=item.uses("reads"),
            writes=item.uses("writes"),
            after=item.numbers("after"),
            pre_cycles=item.integer("pre_cycles", 0, 0),
            post_cycles=item.integer("post_cycles", 0, 0),
            span=item.span,
        )

    def item(self, what: str, value: object, offset: int) -> Item:
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        span = Span(str(self.path), line, column, line, column + 1)
        if not isinstance(value, dict):
            title = f"{what} is an object, not {_shown(value)}"
            raise Flaw(BadDesign(title=title, span=span, label=what, hint=EXPECTED))
        name = value.get("name")
        known = f"{what} (`{name}`)" if isinstance(name, str) and name and offset else what
        return Item(what=known, fields=value, span=span)

    def offsets(self, name: str, count: int) -> Iterator[int]:
        """Where the values of a list of the file stand."""
        begin = re.search(rf'"{name}"\s*:\s*\[\s*', self.text)
        place = begin.end() if begin else 0
        decoder = json.JSONDecoder()
        for _ in range(count):
            yield place
            _, end = decoder.raw_decode(self.text, place)
            place = end + len(re.match(r"[\s,]*", self.text[end : end + 1000])[0])  # type: ignore[index]


def _integers(value: object, flaw: Callable[[], Flaw]) -> list[int]:
    if not isinstance(value, list) or not all(isinstance(each, int) and not isinstance(each, bool) for each in value):
        raise flaw()
    return value


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
