"""Plays recorded designs again on the timing engine, and tells how long they take."""

import difflib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spatial.analysis.figures import Figures, ProcessFigures, Waiting
from spatial.analysis.merging import merged
from spatial.analysis.processes import Link, ProcessNetwork
from spatial.device.storage import DEEPEST
from spatial.sim.recorded.network import load_design, network_of
from spatial.sim.timing.engine import TimingEngine
from spatial.sim.timing.figures import figures_of
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.source.told import told

__all__ = ["Replay", "check_depths", "comparison", "replay"]

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """A recorded design, run again; `print(replay)` tabulates it.

    `cycles` counts through the last stage of the last process, as `run.cycles` does, or to where nothing moves.
    `recorded` is what RTL co-simulation counted, which leaves that last cycle out; None where the file does
    not have it. `figures` has what became of each process and each FIFO.
    """

    network: ProcessNetwork
    figures: Figures
    recorded: int | None

    @property
    def name(self) -> str:
        """What the file calls the design."""
        return self.network.name

    @property
    def cycles(self) -> int:
        """All cycles, the last one included."""
        return self.figures.cycles

    @property
    def deadlock(self) -> bool:
        """Whether processes wait for ever."""
        return self.figures.deadlock

    @property
    def difference(self) -> int | None:
        """How many cycles more than co-simulation counted; None where that, or the end, is not known."""
        return None if self.recorded is None or self.deadlock else self.cycles - 1 - self.recorded

    @property
    def error(self) -> float | None:
        """The same as a part of what co-simulation counted."""
        return None if self.difference is None or self.recorded is None else self.difference / self.recorded

    @property
    def bottleneck(self) -> str | None:
        """The process that was busy longest, so that others waited for it; None without processes."""
        busy = {name: figures.busy for name, figures in self.figures.processes.items()}
        return max(busy, key=lambda name: busy[name], default=None)

    def __str__(self) -> str:
        console = Console(file=io.StringIO(), width=100)
        for line in self._told():
            console.print(line, highlight=False, markup=False, soft_wrap=True)
        console.print(_fifo_table(self))
        console.print(_process_table(self))
        return _text_of(console)

    def _told(self) -> list[str]:
        if self.deadlock:
            waits = [_wait(self, name, wait) for name, each in self.figures.processes.items() for wait in each.waits]
            return [f"{self.name}: deadlock in cycle {self.cycles}", *waits]
        lines = [f"{self.name}: finished after {self.cycles} cycles"]
        if self.recorded is not None:
            told = f"co-simulation: {self.recorded}, which counts the last cycle not; this is {self.cycles - 1}"
            lines.append(f"{told}, {_signed(self.difference)} cycles ({_percent(self.error)})")
        if self.bottleneck is not None:
            busy = self.figures.processes[self.bottleneck].busy
            share = 100 * busy / max(1, self.cycles)
            lines.append(f"bottleneck: {self.bottleneck}, busy {busy} cycles ({share:.0f} %)")
        return lines


def replay(path: str | Path, /, *, depths: Mapping[str, int] | None = None) -> Replay:
    """Runs a recorded design again, exact by the rules of its FIFOs and pipelines, with its own or other depths.

    `path` is a file of JSON, as it is or compressed by gzip; `docs/replay.md` has the format. `depths` are those of
    some FIFOs by name, in tokens. Raises `ProgramError` with all that is wrong with the file or the depths.
    """
    if not isinstance(path, str | Path):
        title = f"a recorded design is named by the path of its file, not by `{told(path)}`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint='write `sp.replay("design.json")`')])
    design = load_design(Path(path))
    network = network_of(design)
    check_depths(network, depths or {})
    network = network.with_depths(depths or {})
    smaller = merged(network)
    figures = figures_of(smaller.network, TimingEngine(smaller.network).run())
    return Replay(network=network, figures=smaller.expanded(figures), recorded=design.cosim_cycles)


def comparison(replays: Sequence[Replay]) -> str:
    """A table of designs, a line each: what was counted, what is predicted, and by how much that differs."""
    console = Console(file=io.StringIO(), width=120)
    table = Table(title="designs, cycles as co-simulation counts them", title_justify="left")
    table.add_column("design", no_wrap=True)
    for heading in ("co-simulation", "predicted", "more", "error"):
        table.add_column(heading, justify="right")
    table.add_column("bottleneck", no_wrap=True)
    for each in replays:
        recorded = "-" if each.recorded is None else str(each.recorded)
        predicted = "deadlock" if each.deadlock else str(each.cycles - 1)
        figures = (recorded, predicted, _signed(each.difference), _percent(each.error))
        table.add_row(Text(each.name), *figures, Text(each.bottleneck or "-"))
    console.print(table)
    errors = sorted(abs(each.error) for each in replays if each.error is not None)
    if errors:
        median = (errors[(len(errors) - 1) // 2] + errors[len(errors) // 2]) / 2
        exact = sum(error == 0 for error in errors)
        told = f"{exact} of {len(errors)} exact; error at most {_share(errors[-1])}, median {_share(median)}"
        console.print(told, highlight=False)
    return _text_of(console)


def check_depths(network: ProcessNetwork, depths: Mapping[str, int]) -> None:
    """Raises `ProgramError` where a depth is none, or is that of no FIFO."""
    if not isinstance(depths, Mapping):
        title = f"`depths` maps names of FIFOs to depths, it is not `{told(depths)}`"
        raise ProgramError([Misuse(title=title, span=caller_span("depths"), hint='write `depths={"fifo": 4}`')])
    names = [link.name for link in network.links]
    for name, depth in depths.items():
        if name not in names:
            near = difflib.get_close_matches(str(name), names, n=1)
            hint = f"did you mean `{near[0]}`?" if near else ""
            title = f"the design `{network.name}` has no FIFO `{name}`"
            raise ProgramError([Misuse(title=title, span=caller_span("depths"), hint=hint)])
        if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
            title = f"the depth of `{name}` is a number of tokens of at least 1, not `{told(depth)}`"
            raise ProgramError([Misuse(title=title, span=caller_span("depths"))])
        if depth > DEEPEST:
            title = f"the depth of `{name}` is at most {DEEPEST} tokens, not `{told(depth)}`"
            raise ProgramError([Misuse(title=title, span=caller_span("depths"))])


def _wait(replayed: Replay, name: str, wait: Waiting) -> str:
    link: Link = next(link for link in replayed.network.links if link.name == wait.link)
    fill = f"{replayed.figures.links[link.name].left}/{link.depth}"
    if wait.operation.puts:
        return f"  {name} waits to put into {link.name} ({fill} full), which {link.reader} reads"
    return f"  {name} waits to get from {link.name} ({fill} full), which {link.writer} writes"


def _fifo_table(replayed: Replay) -> Table:
    depth = {link.name: link.depth for link in replayed.network.links}
    links = replayed.figures.links
    fullest = sorted(links, key=lambda name: (-links[name].high_water / depth[name], -links[name].cycles_full, name))
    table = _table("fifo", "FIFOs, fullest first", len(fullest), "tokens", "left", "most", "depth", "full", "empty")
    for name in fullest[:SHOWN]:
        each = links[name]
        figures = (each.tokens, each.left, each.high_water, depth[name], each.cycles_full, each.cycles_empty)
        table.add_row(Text(name), *map(str, figures))
    return table


def _process_table(replayed: Replay) -> Table:
    processes: Mapping[str, ProcessFigures] = replayed.figures.processes
    busiest = sorted(processes, key=lambda name: (processes[name].done is not None, -processes[name].busy))
    headings = ("busy", "waits for input", "waits for output", "done")
    table = _table("process", "processes, busiest first", len(busiest), *headings)
    for name in busiest[:SHOWN]:
        each = processes[name]
        done = "never" if each.done is None else str(each.done)
        table.add_row(Text(name), *map(str, (each.busy, each.stalled_input, each.stalled_output)), done)
    return table


def _table(what: str, title: str, count: int, *headings: str) -> Table:
    shown = "" if count <= SHOWN else f" ({SHOWN} of {count})"
    table = Table(title=f"{title}{shown}", title_justify="left")
    table.add_column(what, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def _signed(cycles: int | None) -> str:
    return "-" if cycles is None else f"{cycles:+d}" if cycles else "0"


def _percent(error: float | None) -> str:
    return "-" if error is None else f"{100 * error:+.4f} %"


def _share(error: float) -> str:
    return f"{100 * error:.4f} %"
