"""What a design is on its part: its ports, loops, cycles, resources, and how near it comes to the part's peak."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from spatial.build.report import TimingReport
from spatial.ir.function import Parameter
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.project.description import port_of

__all__ = ["HlsReport", "typed"]

WIDTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class HlsReport:
    """A design: the `interfaces` of its parameters by name, `types` as the user writes them, loops and resources.

    `banks` are the memories that arrays are in, where the device is a part.
    `cycles` are those of the last call, or of the data it was exported with; None before either.
    """

    interfaces: Mapping[str, Interface]
    types: Mapping[str, str]
    banks: Mapping[str, str]
    timing: TimingReport
    cycles: int | None

    def __str__(self) -> str:
        cycles = "not known before a call" if self.cycles is None else f"{self.cycles} cycles"
        return "\n".join([*_ports(self), f"predicted: {cycles}", str(self.timing)])


def _ports(report: HlsReport) -> Sequence[str]:
    """A row for each parameter."""
    table = Table()
    for title in ("parameter", "type", "port", "memory"):
        table.add_column(title, overflow="fold")
    for name, interface in report.interfaces.items():
        table.add_row(name, report.types[name], port_of(interface), report.banks.get(name, ""))
    console = Console(file=io.StringIO(), width=WIDTH, markup=False)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def typed(parameter: Parameter) -> str:
    """The type of a parameter as the user writes it."""
    extents = f"[{', '.join(map(str, parameter.shape))}]" if parameter.shape else ""
    return f"Stream[{parameter.type}]{extents}" if parameter.stream else str(parameter.type)
