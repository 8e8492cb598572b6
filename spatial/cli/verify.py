"""The command `spatial verify`."""

from pathlib import Path

import click

from spatial.build.testing.driver import SAMPLES
from spatial.build.verify import MODES
from spatial.build.verify import verify as verify_programs
from spatial.cli.inputs import read_arrays
from spatial.cli.load import load_program, of_user
from spatial.cli.options import numbers_argument
from spatial.cli.outcome import WRONG, Outcome, concluded
from spatial.verify.verdict import Verdict

__all__ = ["verify"]


@click.command()
@click.argument("first", metavar="FILE:NAME")
@click.argument("second", metavar="FILE:NAME")
@numbers_argument
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default=MODES[0],
    show_default=True,
    help="exact: the same operations; ring: equal as polynomials of integers; test: equal on many inputs, no proof.",
)
@click.option("--reassociate", is_flag=True, help="With --mode ring: take floats for numbers that do not round.")
@click.option(
    "--inputs",
    type=click.Path(path_type=Path),
    metavar="X.NPZ",
    help="What parameters of the first program begin with, by name; all others may be anything.",
)
@click.option("--samples", default=SAMPLES, show_default=True, metavar="N", help="With --mode test: how many inputs.")
@click.option(
    "--tokens",
    type=click.IntRange(min=0),
    metavar="N",
    help="How many tokens each stream has; as many as are taken, or 256 if that is for ever.",
)
@click.option(
    "--calls",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many calls are compared; 2 where memory is stateful, else 1.",
)
@click.option("--seed", type=click.IntRange(min=0), help="Repeats a verdict that told its seed.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON to the standard output.")
def verify(
    first: str,
    second: str,
    numbers: dict[str, str],
    mode: str,
    reassociate: bool,
    inputs: Path | None,
    samples: int,
    tokens: int | None,
    calls: int | None,
    seed: int | None,
    as_json: bool,
) -> None:
    """Tell whether two programs compute the same for all inputs.

    The exit status is 0 where they do, 1 where they differ, where a program is wrong, and where nothing is proven, 2
    where the command is. NAME=VALUE gives a parameter of the first program a value, in each of its elements.
    """
    if samples < 1:
        raise click.BadParameter("at least 1", param_hint="--samples")

    def verified() -> Outcome:
        given: dict[str, object] = dict(read_arrays(inputs)) if inputs else {}
        given |= {name: _number(name, text) for name, text in numbers.items()}
        one, other = load_program(first), load_program(second)
        with of_user():
            found = verify_programs(
                one,
                other,
                mode=mode,
                reassociate=reassociate,
                inputs=given,
                tokens=tokens,
                calls=calls,
                seed=seed,
                samples=samples,
            )
        return Outcome(text=str(found), fields={"verdict": _fields(found)}, status=0 if found else WRONG)

    concluded(verified, as_json=as_json)


def _number(name: str, text: str) -> int | float:
    for read in (lambda each: int(each, 0), float):
        try:
            return read(text)
        except ValueError:
            continue
    raise click.UsageError(f"`{text}`, given for `{name}`, is no number")


def _fields(found: Verdict) -> dict[str, object]:
    """A verdict for programs."""
    tested = found.tested
    return {
        "equal": bool(found),
        "kind": found.kind.name.lower().replace("_", "-"),
        "mode": found.mode,
        "first": found.first,
        "second": found.second,
        "seed": found.seed,
        "cells": found.cells,
        "different": found.different,
        "tests": tested.compared if tested else None,
        "text": str(found),
    }
