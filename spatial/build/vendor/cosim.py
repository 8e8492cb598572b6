"""Reads the report of Vitis HLS on a co-simulation, `<top>_cosim.rpt`."""

from dataclasses import dataclass
from pathlib import Path

from spatial.source.errors import ToolError

__all__ = ["Cosimulation", "Spread", "read_cosimulation"]

COLUMNS = 8  # language, status, three latencies, three intervals; newer versions add the total


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Cycles over all calls of a test bench; None where the tool has no number."""

    least: int | None
    mean: int | None
    greatest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosimulation:
    """What the RTL took: cycles of a call (`latency`), between calls (`interval`), and of the whole test bench."""

    language: str
    passed: bool
    latency: Spread
    interval: Spread
    total: int | None


def read_cosimulation(path: Path) -> Cosimulation:
    """The report at a path, of the language that was simulated; raises `ToolError` where it is none.

    Source of the form: reports of Vivado HLS and Vitis HLS 2019 to 2024.2 in public repositories.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise ToolError(f"there is no report of the co-simulation: {path}: {error.strerror}") from error
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) >= COLUMNS and cells[0] in ("Verilog", "VHDL", "SystemC") and cells[1] != "NA":
            return _cosimulation(cells)
    raise ToolError(f"{path} tells of no co-simulation that ran")


def _cosimulation(cells: list[str]) -> Cosimulation:
    numbers = [int(cell) if cell.isdecimal() else None for cell in cells[2:]]
    latency, interval = (
        Spread(least=least, mean=mean, greatest=greatest) for least, mean, greatest in (numbers[0:3], numbers[3:6])
    )
    return Cosimulation(
        language=cells[0],
        passed=cells[1].lower() == "pass",
        latency=latency,
        interval=interval,
        total=numbers[6] if len(numbers) > 6 else None,
    )
