"""Tabulates what the vendor's tools report beside what we predicted."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from spatial.build.vendor.csynth import LoopSynthesis
from spatial.device.operators import Resources
from spatial.lower.hls.project.prediction import LoopPrediction

__all__ = ["Figure", "LoopFigures", "loops_tabulated", "resource_figures", "tabulated"]

WIDTH = 100
NAMES = {"dsp": "DSP", "lut": "LUT", "ff": "FF", "bram18": "BRAM18", "uram": "URAM"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of a tool's with the one that we predicted; None where one of them has none."""

    name: str
    reported: float | None
    predicted: float | None
    unit: str = ""

    @property
    def difference(self) -> float | None:
        """How far the prediction lies above what is reported, in percent of that."""
        if self.reported is None or self.predicted is None or self.reported == 0:
            return None
        return 100 * (self.predicted - self.reported) / self.reported


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopFigures:
    """A pipelined loop of a function with hardware of its own, and what we predicted of it, if we know one."""

    module: str
    loop: LoopSynthesis
    predicted: LoopPrediction | None


def resource_figures(reported: Resources, predicted: Resources | None) -> Iterator[Figure]:
    """A figure for each kind of resource."""
    for kind, name in NAMES.items():
        ours = getattr(predicted, kind) if predicted is not None else None
        yield Figure(name=name, reported=getattr(reported, kind), predicted=ours)


def tabulated(title: str, figures: Iterable[Figure]) -> str:
    """The figures as a table, ours beside theirs and the difference in percent."""
    table = Table()
    table.add_column("")
    for column in ("reported", "predicted", "difference"):
        table.add_column(column, justify="right", no_wrap=True)
    for figure in figures:
        difference = figure.difference
        table.add_row(
            f"{figure.name}, {figure.unit}" if figure.unit else figure.name,
            _told(figure.reported),
            _told(figure.predicted),
            "" if difference is None else f"{difference:+.1f} %",
        )
    return "\n".join([title, _printed(table)])


def loops_tabulated(loops: Iterable[LoopFigures]) -> str:
    """Each loop's initiation interval, iteration latency and trip count, with ours after a slash."""
    table = Table()
    for column in ("function", "loop"):
        table.add_column(column, overflow="fold")
    for column in ("II", "latency", "trips"):
        table.add_column(f"{column} / ours", justify="right", no_wrap=True)
    for each in loops:
        loop, ours = each.loop, each.predicted
        pairs = (
            (loop.interval, ours and ours.interval),
            (loop.depth, ours and ours.latency),
            (loop.trips, ours and ours.trips),
        )
        table.add_row(each.module, loop.name, *(" / ".join(map(_shown, pair)) for pair in pairs))
    return _printed(table)


def _shown(number: object) -> str:
    return "?" if number is None else str(number)


def _printed(table: Table) -> str:
    console = Console(file=io.StringIO(), width=WIDTH, markup=False)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def _told(number: float | None) -> str:
    if number is None:
        return "?"
    return f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"
