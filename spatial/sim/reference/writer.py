"""Writes the text of a Python function: lines, names, and the places that its numbers mean."""

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from spatial.ir.dtypes import parse_type
from spatial.ir.location import Call, calls_of, name_of, span_of
from spatial.ir.mlir import ir
from spatial.source.span import Span
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["Site", "Writer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An operation that can wait or fail, where the user wrote it, and the `calls` of functions that it stands in."""

    operation: str
    span: Span
    calls: tuple[Call, ...] = ()


class Writer:
    """Collects lines; `names` has the Python text of every MLIR value, `locals` the user's names of Python ones,
    `types` what those of them that are declared hold.

    `reserved` are names that the text must not bind.
    """

    def __init__(self, reserved: Iterable[str]) -> None:
        self.names: dict[ir.Value, str] = {}
        self.taken = set(reserved)
        self.used: Counter[str] = Counter()
        self.sites: list[Site] = []
        self.lines: list[str] = []
        self.locals: dict[str, str] = {}
        self.types: dict[str, DType | TensorType] = {}
        self.tables: dict[str, str] = {}
        self.indent = 0

    def write(self, line: str) -> None:
        self.lines.append("    " * self.indent + line)

    @contextmanager
    def indented(self) -> Iterator[None]:
        self.indent += 1
        yield
        self.indent -= 1

    def fresh(self, wish: str) -> str:
        """A name that is not taken yet, as near to the wish as can be."""
        base = re.sub(r"\W+", "_", wish).strip("_") or "v"
        base = f"v{base}" if base[0].isdigit() or keyword.iskeyword(base) else base
        name = base
        while name in self.taken:
            self.used[base] += 1
            name = f"{base}_{self.used[base]}"
        self.taken.add(name)
        return name

    def bind(self, value: ir.Value, wish: str | None = None) -> str:
        """A name for a value, the user's own where there is one."""
        user = name_of(value.location)
        name = self.names[value] = self.fresh(wish or user or "v")
        if user and not isinstance(value.owner, ir.Block):
            self.locals[name] = user
            if "df.type" in value.owner.attributes:
                self.types[name] = parse_type(value.owner.attributes["df.type"].value)
        return name

    def site(self, op: ir.OpView) -> int:
        """The number of a place."""
        self.sites.append(Site(operation=op.operation.name, span=span_of(op.location), calls=calls_of(op.location)))
        return len(self.sites) - 1
