"""The command `spatial size`."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click

from spatial.build.check import check as check_region
from spatial.build.size import size_fifos
from spatial.cli.inputs import arguments_for, read_arrays
from spatial.cli.load import load_program, of_user
from spatial.cli.options import common, depth_option, numbers_argument
from spatial.cli.outcome import Outcome, concluded
from spatial.device.model import Device
from spatial.device.storage import Memory
from spatial.sim.sizing.errors import UnreachableCycles
from spatial.sim.sizing.result import Sizing
from spatial.source.errors import ProgramError

__all__ = ["size"]

RECORDED = (".json", ".json.gz")


@click.command()
@common
@numbers_argument
@depth_option("Depth in tokens that stands in for the declared one. Repeatable.")
@click.option("--cycles", type=click.IntRange(min=1), metavar="N", help="The most cycles that a run may take.")
@click.option("--slack", type=click.FloatRange(min=0), metavar="PART", help="The same as a part of the fewest: 0.05.")
@click.option("--front", is_flag=True, help="Show what fewer cycles cost in memory.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the random inputs.")
@click.option(
    "--inputs",
    type=click.Path(path_type=Path),
    metavar="X.NPZ",
    help="Arrays and tokens by parameter name; arrays that it does not hold are random, or zero if only written.",
)
def size(
    target: str,
    device: Device,
    as_json: bool,
    numbers: dict[str, str],
    depths: dict[str, int],
    cycles: int | None,
    slack: float | None,
    front: bool,
    seed: int,
    inputs: Path | None,
) -> None:
    """Find the smallest channel depths of FILE:NAME that lose no throughput.

    FILE may be a recorded design too, JSON as it is or compressed by gzip. Without more the depths take the fewest
    cycles that any depths reach.
    """
    asked = {"depths": depths or None, "cycles": cycles, "slack": slack}

    def sized() -> Outcome:
        if target.endswith(RECORDED):
            with _of_command():
                found = size_fifos(target, **asked)  # type: ignore[arg-type]
            return _told(found, front=front)
        program = load_program(target)
        with of_user():
            graph = check_region(program, device=device)
        arguments = arguments_for(graph, read_arrays(inputs) if inputs else {}, numbers, seed)
        with _of_command():
            found = size_fifos(program, *arguments, device=device, **asked)  # type: ignore[arg-type]
        return _told(found, front=front)

    concluded(sized, as_json=as_json)


@contextlib.contextmanager
def _of_command() -> Iterator[None]:
    """Tells of cycles that cannot be reached by the option that asks for them."""
    try:
        yield
    except ProgramError as error:
        match error.problems:
            case [UnreachableCycles() as problem]:
                title = problem.report().title
                raise click.UsageError(f"{title}; write --cycles {problem.fewest}, or leave it out") from error
        raise


def _told(found: Sizing, *, front: bool) -> Outcome:
    points = found.front if front else ()
    lines = [
        str(found),
        *(f"{each.cycles:>10} cycles: {each.memory.blocks} block RAMs, {each.memory.bits} bits" for each in points),
    ]
    fields = {
        "cycles": found.cycles,
        "declared_cycles": found.declared_cycles,
        "fewest": found.fewest,
        "fewest_proven": found.fewest_proven,
        "smallest": found.smallest,
        "memory": _memory(found.memory),
        "declared_memory": _memory(found.declared_memory),
        "depths": found.depths,
        "why": {name: channel.why for name, channel in found.channels.items()},
        "front": [{"cycles": p.cycles, "memory": _memory(p.memory), "depths": dict(p.depths)} for p in points],
    }
    return Outcome(region=found.region, text="\n".join(lines), fields={"sizing": fields})


def _memory(memory: Memory) -> dict[str, int]:
    return {"blocks": memory.blocks, "bits": memory.bits, "tables": memory.tables}
