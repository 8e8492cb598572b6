"""The command `spatial replay`."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from spatial.cli.options import depth_option
from spatial.cli.outcome import WRONG, Outcome, concluded
from spatial.sim.recorded.replay import Replay, comparison
from spatial.sim.recorded.replay import replay as replay_design

__all__ = ["replay"]

ENDINGS = (".json", ".json.gz")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, exists=True))
@depth_option("Depth in tokens of a FIFO, v12=4. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON to the standard output.")
def replay(files: tuple[Path, ...], depths: dict[str, int], as_json: bool) -> None:
    """Run recorded designs again: how many cycles they take, and where they deadlock.

    A FILE is JSON, as it is or compressed by gzip: FIFOs, pipelined processes, and which FIFO is used in which
    iteration. Of a folder all such files are taken. Several are told in one table, with the difference from the cycle
    counts that the files have.
    """

    def replayed() -> Outcome:
        paths = list(_designs(files))
        replays = [replay_design(path, depths=depths) for path in paths]
        text = str(replays[0]) if len(replays) == 1 else comparison(replays)
        status = WRONG if any(each.deadlock for each in replays) else 0
        return Outcome(text=text, fields={"designs": [_fields(each) for each in replays]}, status=status)

    concluded(replayed, as_json=as_json)


def _designs(files: Sequence[Path]) -> Iterator[Path]:
    """The files, and those in the folders in the order of their names."""
    for path in files:
        if not path.is_dir():
            yield path
            continue
        found = sorted(each for each in path.iterdir() if each.name.endswith(ENDINGS))
        if not found:
            raise click.UsageError(f"the folder {path} has no files that end in {' or '.join(ENDINGS)}")
        yield from found


def _fields(each: Replay) -> Mapping[str, object]:
    waits = {name: figures.waits for name, figures in each.figures.processes.items() if figures.waits}
    return {
        "name": each.name,
        "cycles": each.cycles,
        "deadlock": each.deadlock,
        "recorded": each.recorded,
        "difference": each.difference,
        "error": each.error,
        "bottleneck": each.bottleneck,
        "waits": {
            name: [{"fifo": wait.link, "operation": "put" if wait.operation.puts else "get"} for wait in found]
            for name, found in waits.items()
        },
    }
