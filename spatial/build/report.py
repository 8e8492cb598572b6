"""`sp.report`: how each loop of a program is pipelined, why not better, and what all of it takes of a part."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from spatial.analysis.cost.estimate import Estimate, Peak, estimate
from spatial.analysis.pipelining.loops import LoopReport, loops_of
from spatial.analysis.pipelining.timing import Limit
from spatial.build.aie.placed import placed
from spatial.build.aie.report import AieReport, report_of
from spatial.build.arguments import channel_depths
from spatial.build.depths import chosen_depths
from spatial.build.resources import peak_text, resource_table
from spatial.build.simulate import compile_simulator
from spatial.build.subject import Runnable
from spatial.device.model import Device
from spatial.device.npu import NPUS, Npu

__all__ = ["TimingReport", "limit_text", "report"]

WIDTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingReport:
    """The loops of a region on a device, and what it takes of the part; `print(report)` tabulates them.

    `depths` are those that were chosen for channels that a schedule left open, `resources` is None where the device is
    no part at a clock; `peak` where no cycles are given, or what the program
    computes is known only by running it.
    """

    region: str
    device: str
    loops: tuple[LoopReport, ...]
    resources: Estimate | None = None
    peak: Peak | None = None
    depths: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        console = Console(file=io.StringIO(), width=WIDTH)
        loops = f"{len(self.loops)} loop{'s' if len(self.loops) != 1 else ''}"
        console.print(f"{self.region} on {self.device}: {loops}", highlight=False, markup=False)
        if self.loops:
            console.print(_table(self.loops))
        if self.depths:
            told = ", ".join(f"{name} {depth}" for name, depth in self.depths.items())
            console.print(f"depths chosen: {told}", highlight=False, markup=False)
        if self.resources is not None:
            console.print("resources, an estimate", highlight=False, markup=False)
            console.print(resource_table(self.resources))
        if self.peak is not None and self.resources is not None:
            console.print(peak_text(self.peak, self.resources), highlight=False, markup=False)
        assert isinstance(console.file, io.StringIO)
        return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def report(
    given: Runnable,
    /,
    *,
    device: str | Device | Npu = "ideal",
    depths: Mapping[str, int] | None = None,
    cycles: int | None = None,
) -> TimingReport | AieReport:
    """Tabulates how each loop of a program is pipelined on a device, and what it takes of the part, without running it.

    `report.loops` has for each loop its kernel and actors, line, initiation interval, iteration latency, trip count,
    cycles, style, and what limits the interval: the way of a recurrence with its lines, a memory's ports, a
    channel end. `report.resources` has the DSPs, block RAMs, UltraRAMs, look-up tables and flip-flops of each
    function, kernel, the channels, memories and all, where the device is a part at a clock. `device` and `depths` are
    as for `simulate`. With the `cycles` of a run, `run.cycles`, `report.peak` says how near it comes to what the DSPs
    can do. On an NPU, `device="npu1"`, it is what a placed design takes of tiles and time, as `report` of a built one.
    Raises `ProgramError` with every problem found.
    """
    if isinstance(device, Npu) or device in NPUS:
        return report_of(placed(given, device, depths))
    network = compile_simulator(given, device, "simpy").network
    graph, timings = network.graph, network.timings
    loops = loops_of(network.module, graph, timings)
    found = estimate(network.module, graph, timings, network.device, channel_depths(graph, depths))
    peak = found.peak(cycles) if found is not None and cycles is not None else None
    return TimingReport(
        region=graph.name,
        device=network.device.title,
        loops=loops,
        resources=found,
        peak=peak,
        depths=chosen_depths(network.module),
    )


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
            str(loop.span.line or "made"),
            loop.name,
            *("?" if figure is None else str(figure) for figure in figures),
            loop.style,
            limit_text(loop.limit),
        )
    return table


def _kernel(loop: LoopReport) -> str:
    return loop.kernel if len(loop.actors) == 1 else f"{loop.kernel} ({len(loop.actors)} actors)"
