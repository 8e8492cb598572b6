"""`sp.report`: how each loop of a program is pipelined, and why not better."""

import io
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from spatial.analysis.pipelining.loops import LoopReport, loops_of
from spatial.analysis.pipelining.timing import Limit
from spatial.build.simulate import compile_simulator
from spatial.device.model import Device
from spatial.region.definition import Region

__all__ = ["TimingReport", "limit_text", "report"]

WIDTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingReport:
    """The loops of a region on a device; `print(report)` tabulates them."""

    region: str
    device: str
    loops: tuple[LoopReport, ...]

    def __str__(self) -> str:
        console = Console(file=io.StringIO(), width=WIDTH)
        loops = f"{len(self.loops)} loop{'s' if len(self.loops) != 1 else ''}"
        console.print(f"{self.region} on {self.device}: {loops}", highlight=False, markup=False)
        if self.loops:
            console.print(_table(self.loops))
        assert isinstance(console.file, io.StringIO)
        return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def report(region: Region, /, *, device: str | Device = "ideal") -> TimingReport:
    """Tabulates how each loop of a region is pipelined on a device, without running it.

    `report.loops` has for each loop its kernel and actors, line, initiation interval, iteration latency, trip count,
    cycles, style, and what limits the interval: the way of a recurrence with its lines, a memory's ports, a
    channel end. `device` is as for `simulate`. Raises `ProgramError` with every problem found.
    """
    network = compile_simulator(region, device).network
    loops = loops_of(network.module, network.graph, network.timings)
    return TimingReport(region=network.graph.name, device=network.device.title, loops=loops)


def limit_text(limit: Limit | None) -> str:
    """What limits an interval, in words: the operations on the way of a recurrence, with their lines."""
    if limit is None:
        return ""
    where = f"{Path(limit.span.file).name}:{limit.span.line}"
    if not limit.parts:
        return f"{limit.why} ({where})"
    way = " + ".join(f"{part.what} {part.stages} (line {part.span.line})" for part in limit.parts)
    return f"{limit.why}: {way}"


def _table(loops: tuple[LoopReport, ...]) -> Table:
    table = Table(expand=True)
    for title in ("kernel", "line", "loop"):
        table.add_column(title, overflow="fold")
    for title in ("II", "latency", "trips", "cycles"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("style", no_wrap=True)
    table.add_column("limit of II", overflow="fold", ratio=1)
    for loop in loops:
        figures = (loop.ii, loop.latency, loop.trip_count, loop.cycles)
        table.add_row(
            _kernel(loop),
            str(loop.span.line),
            loop.name,
            *("?" if figure is None else str(figure) for figure in figures),
            loop.style,
            limit_text(loop.limit),
        )
    return table


def _kernel(loop: LoopReport) -> str:
    return loop.kernel if len(loop.actors) == 1 else f"{loop.kernel} ({len(loop.actors)} actors)"
