"""Reads the reports of Vivado on a linked design: its timing and what its kernels take."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spatial.device.operators import Resources
from spatial.source.errors import ToolError

__all__ = ["Timing", "read_kernel_resources", "read_timing"]

NUMBER = r"-?\d+\.\d+"
CLOCK = re.compile(rf"^\s*(\S+)\s+\{{[^}}]*\}}\s+({NUMBER})\s+({NUMBER})\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The worst slacks in ns, of setup and of hold, and each clock's period in ns."""

    setup: float
    hold: float
    failing: int
    periods: dict[str, float]

    @property
    def met(self) -> bool:
        """Whether the design is as fast as its clocks."""
        return self.setup >= 0 and self.hold >= 0

    def megahertz(self, period: float) -> float:
        """The clock that a design with a target period of so many ns could have."""
        return 1000 / (period - self.setup)


def read_timing(path: Path) -> Timing:
    """The timing summary at a path; raises `ToolError` where it is none.

    Source of the form: reports of `report_timing_summary` of Vivado 2020.1 to 2024.2 in public repositories.
    """
    lines = _lines(path)
    start = next((number for number, line in enumerate(lines) if "Design Timing Summary" in line), len(lines))
    for line in lines[start:]:
        cells = line.split()
        if len(cells) >= 6 and all(re.fullmatch(NUMBER, cells[column]) for column in (0, 1, 4)):
            periods = {match[1]: float(match[2]) for each in lines if (match := CLOCK.match(each))}
            return Timing(setup=float(cells[0]), hold=float(cells[4]), failing=int(cells[2]), periods=periods)
    raise ToolError(f"{path} has no summary of a design's timing")


def read_kernel_resources(path: Path, kernel: str) -> Resources:
    """What a kernel takes after routing, by `kernel_util_routed.rpt`; raises `ToolError` where it does not say.

    A block RAM is told as one of 36 Kb, which is two of ours. Source of the form: the tutorials of the Vitis libraries.
    """
    header: Sequence[str] = ()
    for line in _lines(path):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == "Name":
            header = cells
        elif header and cells[0] in (f"{kernel}_1", kernel):
            found = {name: _first(cell) for name, cell in zip(header, cells, strict=False)}
            return Resources(
                dsp=int(found.get("DSP", 0)),
                lut=int(found.get("LUT", 0)),
                ff=int(found.get("REG", 0)),
                bram18=round(2 * found.get("BRAM", 0)),
                uram=int(found.get("URAM", 0)),
            )
    raise ToolError(f"{path} does not tell what the kernel `{kernel}` takes")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise ToolError(f"there is no report {path}: {error.strerror}") from error


def _first(cell: str) -> float:
    """The number that a cell begins with; its share in percent follows in brackets."""
    match = re.match(r"\d+(\.\d+)?", cell)
    return float(match[0]) if match else 0.0
