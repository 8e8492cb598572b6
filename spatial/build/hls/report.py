"""What a design is on its part: its ports, loops, cycles, resources, and how near it comes to the part's peak."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from spatial.build.report import TimingReport
from spatial.ir.function import Parameter
from spatial.lower.hls.interfaces import Interface, MAxi
from spatial.lower.hls.project.description import port_of

__all__ = ["HlsReport", "typed"]

WIDTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class HlsReport:
    """A design: the `interfaces` of its parameters by name, `types` as the user writes them, loops and resources.

    `cycles` are those of the last call, or of the data it was exported with; None before either.
    """

    interfaces: Mapping[str, Interface]
    types: Mapping[str, str]
    timing: TimingReport
    cycles: int | None

    def __str__(self) -> str:
        cycles = "not known before a call" if self.cycles is None else f"{self.cycles} cycles"
        return "\n".join([*_ports(self.interfaces, self.types), f"predicted: {cycles}", str(self.timing)])


def _ports(interfaces: Mapping[str, Interface], types: Mapping[str, str]) -> Sequence[str]:
    """A row for each parameter."""
    table = Table()
    for title in ("parameter", "type", "port", "memory"):
        table.add_column(title, overflow="fold")
    for name, interface in interfaces.items():
        bank = interface.bank if isinstance(interface, MAxi) else ""
        table.add_row(name, types[name], port_of(interface), bank)
    console = Console(file=io.StringIO(), width=WIDTH, markup=False)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def typed(parameter: Parameter) -> str:
    """The type of a parameter as the user writes it."""
    extents = f"[{', '.join(map(str, parameter.shape))}]" if parameter.shape else ""
    return f"Stream[{parameter.type}]{extents}" if parameter.stream else str(parameter.type)
