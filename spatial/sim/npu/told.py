"""A prediction as text: what takes the time, and tables of cores and channels."""

import io

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spatial.device.npu import Tile
from spatial.sim.npu.prediction import Prediction

__all__ = ["prediction_text"]

SHOWN = 8
WIDTH = 100


def prediction_text(prediction: Prediction) -> str:
    """What `print(report)` shows of a prediction."""
    console = Console(file=io.StringIO(), width=WIDTH)
    for line in _lines(prediction):
        console.print(line, highlight=False, markup=False)
    console.print(_cores(prediction))
    if prediction.streams:
        console.print(_streams(prediction))
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def _lines(prediction: Prediction) -> list[str]:
    device = prediction.device
    launch = f"{1e6 * prediction.launch_seconds:.0f} µs launch"
    return [
        f"{prediction.design} on {device.title}: {1e6 * prediction.seconds:.1f} µs, predicted "
        f"({launch}, {prediction.cycles:,} cycles at {device.mhz} MHz)",
        f"bottleneck: {prediction.bottleneck}",
        f"{len(prediction.cores)} cores compute {100 * prediction.utilization:.0f} % of the cycles",
        f"the first call loads programs: at least {1e6 * prediction.load_seconds:.0f} µs more",
    ]


def _cores(prediction: Prediction) -> Table:
    busiest = sorted(prediction.cores, key=lambda core: (-core.busy, core.tile))
    table = Table(title=_title("cores", len(busiest)), title_justify="left")
    table.add_column("core", no_wrap=True)
    for heading in ("tile", "busy", "waits for input", "waits for output", "memory"):
        table.add_column(heading, justify="right")
    for core in busiest[:SHOWN]:
        use = prediction.tiles[core.tile]
        shares = (core.busy, core.stalled_input, core.stalled_output)
        parts = [f"{100 * each / max(1, prediction.cycles):.1f} %" for each in shares]
        table.add_row(Text(core.node), _tile(core.tile), *parts, f"{use.memory / 1024:.1f} KiB")
    return table


def _streams(prediction: Prediction) -> Table:
    busiest = sorted(prediction.streams, key=lambda stream: (-stream.busy, stream.fifo))
    table = Table(title=_title("channels", len(busiest)), title_justify="left")
    table.add_column("fifo", no_wrap=True)
    for heading in ("from", "to", "objects", "bytes", "busy"):
        table.add_column(heading, justify="right")
    for stream in busiest[:SHOWN]:
        targets = " ".join(_tile(tile) for tile in stream.targets)
        busy = f"{100 * stream.busy / max(1, prediction.cycles):.1f} %"
        figures = (f"{stream.objects:,}", f"{stream.bytes:,}")
        table.add_row(Text(stream.fifo), _tile(stream.source), targets, *figures, busy)
    return table


def _title(what: str, count: int) -> str:
    return f"{what}, busiest first" if count <= SHOWN else f"{what}, busiest first ({SHOWN} of {count})"


def _tile(tile: Tile) -> str:
    return f"({tile[0]},{tile[1]})"
