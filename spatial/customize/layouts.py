"""The steps of a schedule that infer how arrays are cut, and the table of what they need."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spatial.customize.references import BufferLike, place
from spatial.customize.steps import Site, Steps, primitive
from spatial.ir.dialect import context
from spatial.schedule.memory.inference import infer, needed
from spatial.source.errors import Misuse, ProgramError
from spatial.types.layout import Layout

__all__ = ["ArrayLayout", "LayoutSteps", "Layouts"]

WIDTH = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayLayout:
    """An array, `"A"`, or a local one, `"pe:acc"`: how it is cut, the layout that its accesses `need`, and who asks."""

    name: str
    given: Layout
    need: Layout
    why: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether it is cut as it needs to be."""
        return self.given.serves(self.need)


@dataclass(frozen=True, slots=True, repr=False)
class Layouts:
    """How the arrays of a program are cut, and what they need; `print` shows those that need more than one bank."""

    rows: tuple[ArrayLayout, ...]

    def __getitem__(self, name: str) -> ArrayLayout:
        """The array called so; raises `KeyError` where none is."""
        return {row.name: row for row in self.rows}[name]

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        table = Table(title="arrays in banks", title_justify="left")
        for heading in ("array", "cut as", "needs"):
            table.add_column(heading, no_wrap=True)
        table.add_column("banks", justify="right")
        table.add_column("asked for by")
        rows = [row for row in self.rows if max(row.given.banks, row.need.banks) > 1]
        for row in rows:
            cells = (row.name, str(row.given), str(row.need), str(row.need.banks), "\n".join(row.why))
            table.add_row(*map(Text, cells))
        if not rows:
            return "every array needs one bank"
        console = Console(file=io.StringIO(), width=WIDTH)
        with console.capture() as shown:
            console.print(table)
        return shown.get().rstrip()

    __repr__ = __str__


class LayoutSteps(Steps):
    """What banks arrays need, and the step that gives them."""

    @property
    def layouts(self) -> Layouts:
        """How arrays are cut, and the least layouts with which pipelined loops and PEs get all they use at once."""
        state = self._state
        with context():
            rows = needed(state.module, state.graph)
        return Layouts(
            tuple(
                ArrayLayout(
                    name=f"{state.address(row.function)}:{row.name}" if row.function else row.name,
                    given=row.given,
                    need=row.layout,
                    why=tuple(f"{text} ({place(span)})" for span, text in row.why),
                )
                for row in rows
            )
        )

    @primitive
    def infer_layouts(self, at: Site, keep: Sequence[BufferLike] = ()) -> None:
        """Cuts all arrays into the banks that their accesses need: `partition`, where and as it is needed.

        The accesses of an iteration of a pipelined loop find ports at the interval it can have, and PEs that use
        different parts of an array do not meet in a bank. An array has one layout wherever it is given; what
        `partition` said before stays. Always legal, as far as 4096 banks are enough. Arrays in `keep` stay as they
        are; where that is too little, the step is refused and says who asks for more.
        """
        if not isinstance(keep, list | tuple):
            title = f"`keep` of `infer_layouts` is a list of arrays, not `{keep!r}`"
            raise ProgramError([Misuse(title=title, span=at.span, hint='write `keep=["A"]`')])
        kept = [value for array in keep for _, value in at.everywhere(array)]
        infer(at.module, at.state.graph, kept)
