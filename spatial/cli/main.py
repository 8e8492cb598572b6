"""The commands: `spatial check`, `report` and `simulate`, with those of files of their own beside them."""

import shlex
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import click

from spatial.build.aie.placed import placed
from spatial.build.check import check as check_region
from spatial.build.check_hls import check_for_hls
from spatial.build.report import report as report_region
from spatial.build.simulate import ENGINES, compile_simulator
from spatial.build.subject import name_of
from spatial.cli.build import build as build_command
from spatial.cli.inputs import arguments_for, read_arrays
from spatial.cli.load import load_program, of_user
from spatial.cli.options import common, common_or_npu, depth_option, numbers_argument
from spatial.cli.outcome import STOPPED, WRONG, Outcome, concluded
from spatial.cli.output import check_timeline_file, check_writable, report_fields, run_fields, trace_text, write_arrays
from spatial.cli.replay import replay as replay_command
from spatial.cli.size import size as size_command
from spatial.cli.verify import verify as verify_command
from spatial.device.model import Device
from spatial.device.npu import Npu
from spatial.sim.errors import Interrupted, RunError
from spatial.sim.explain.deadlock import DeadlockReport, Deeper
from spatial.source.report import Problem, Report

__all__ = ["main"]


def installed_version() -> str:
    """The version of the installed package."""
    try:
        return metadata.version("spatial")
    except metadata.PackageNotFoundError:
        return "(not installed)"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version=installed_version(), message="%(prog)s %(version)s")
def main() -> None:
    """Dataflow accelerators written as actors in Python.

    FILE:NAME is a Python file and the region, the kernel, or the function with types in it, or a function without
    arguments that returns one; FILE alone means the only one of the file. The exit status is 0 where the program ran,
    1 where it is wrong or deadlocks, 2 where the command is.
    """


@main.command()
@common_or_npu
@click.option(
    "--target", "built_for", type=click.Choice(["hls", "aie"]), help="Check the rules of Vitis HLS, or of an NPU, too."
)
def check(target: str, device: Device | Npu, as_json: bool, built_for: str | None) -> None:
    """Report what is wrong with FILE:NAME, all at once.

    The program is compiled, with the timing of the device, but not run. Token counts of each channel's
    two ends are compared where they do not depend on data. With --target hls, what Vitis HLS would refuse is told with
    its codes, and what its user is to know in notes. With --target aie, or --device npu1, it is placed on an NPU,
    "npu1" if none is named, and checked against its limits.
    """
    named = device.name != "ideal"
    if isinstance(device, Npu) and built_for == "hls":
        raise click.UsageError(f"--target hls is for FPGAs, not for {device.name}: write --target aie")
    if built_for == "aie" and named and not isinstance(device, Npu):
        raise click.UsageError(f"--target aie is for an NPU, not for {device.title}: write --device npu1")

    def checked() -> Outcome:
        program = load_program(target)
        notes: tuple[Problem, ...] = ()
        with of_user():
            if isinstance(device, Npu) or built_for == "aie":
                design = placed(program, device if named else None)
                graph, notes = design.program.graph, tuple(design.notes)
            elif built_for == "hls":
                found = check_for_hls(program, device=device)
                graph, notes = found.graph, found.notes
            else:
                graph = check_region(program, device=device)
        figures = {
            "actors": len(graph.actors),
            "functions": len(graph.specializations),
            "channels": len(graph.channels),
            "arrays": len(graph.arrays),
        }
        told = ", ".join(f"{count} {noun if count != 1 else noun[:-1]}" for noun, count in figures.items())
        text = f"{name_of(program)}: {told}; no problem found"
        reports = tuple(note.report() for note in notes)
        return Outcome(region=name_of(program), text=text, problems=reports, fields={"program": figures})

    concluded(checked, as_json=as_json)


@main.command()
@common_or_npu
@depth_option("Depth in tokens of a stream, fifo_A=4, or of one of its channels, fifo_A[1,2]=4. Repeatable.")
@click.option(
    "--cycles", type=click.IntRange(min=1), metavar="N", help="Tell how near a run of N cycles comes to the DSPs' peak."
)
def report(target: str, device: Device | Npu, as_json: bool, depths: dict[str, int], cycles: int | None) -> None:
    """Tabulate how each loop of FILE:NAME is pipelined, what limits it, and what the program takes of a part.

    The program is compiled, with the timing of the device, but not run: what waits for a channel takes longer. With
    --device npu1 or npu2 it is placed there, and the time of a call is told.
    """

    def reported() -> Outcome:
        program = load_program(target)
        with of_user():
            found = report_region(program, device=device, depths=depths, cycles=cycles)
        return Outcome(region=name_of(program), text=str(found), fields={"report": report_fields(found)})

    concluded(reported, as_json=as_json)


@main.command()
@common
@numbers_argument
@depth_option("Depth in tokens of a stream, fifo_A=4, or of one of its channels, fifo_A[1,2]=4. Repeatable.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the random inputs.")
@click.option(
    "--inputs",
    type=click.Path(path_type=Path),
    metavar="X.NPZ",
    help="Arrays and tokens by parameter name; arrays that it does not hold are random, or zero if only written.",
)
@click.option(
    "--outputs",
    type=click.Path(path_type=Path),
    metavar="Y.NPZ",
    help="Where to save all arrays, and the tokens of output streams, after the run.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="simpy is the reference; native gives the same as machine code, much sooner.",
)
@click.option(
    "--calls",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Call the program N times without a pause.",
)
@click.option(
    "--no-values", "values", flag_value=False, default=True, type=bool, help="Compute the time only, on no arrays."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop soon after so many seconds of work.",
)
@click.option("--until", type=click.IntRange(min=1), metavar="N", help="Stop before cycle N.")
@click.option(
    "--record",
    multiple=True,
    metavar="NAME",
    help="Show every token of a stream or channel, with its cycles. Repeatable.",
)
@click.option(
    "--timeline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write all that happens: a .json for Perfetto, or a .vcd for waveform viewers.",
)
def simulate(
    target: str,
    device: Device,
    as_json: bool,
    numbers: dict[str, str],
    depths: dict[str, int],
    seed: int,
    inputs: Path | None,
    outputs: Path | None,
    engine: str,
    calls: int,
    values: bool,
    timeout: float | None,
    until: int | None,
    record: tuple[str, ...],
    timeline: Path | None,
) -> None:
    """Run FILE:NAME cycle by cycle.

    NAME=VALUE gives a scalar parameter its value, n=3, and says how many random tokens a stream parameter
    takes. Arrays that are read start with random values, others at zero, unless --inputs has them. A deadlock is
    reported with the actors that wait, their lines, and the depths that would run.
    """

    asked = {"record": record, "until": until, "timeout": timeout, "calls": calls > 1, "timeline": timeline}
    unfit = [name for name, option in {**asked, "outputs": outputs}.items() if option and not values]
    if unfit:
        raise click.UsageError(f"--{unfit[0]} is for runs with values: leave out --{unfit[0]} or --no-values")

    def simulated() -> Outcome:
        given = read_arrays(inputs) if inputs else {}
        if outputs:
            check_writable(outputs)
        if timeline:
            check_timeline_file(timeline)
        program = load_program(target)
        with of_user():
            simulator = compile_simulator(program, device, engine)
        arguments = arguments_for(simulator.program.graph, given, numbers, seed)
        try:
            if values:
                run = simulator.run(
                    *arguments,
                    depths=depths,
                    record=record,
                    until=until,
                    timeout=timeout,
                    calls=calls,
                    on_deadlock="return",
                    progress=not as_json,
                    timeline=timeline,
                )
            else:
                run = simulator.time(arguments, {}, depths=depths, on_deadlock="return")
        except RunError as error:
            reports = tuple(problem.report() for problem in error.problems)
            fields = {"run": run_fields(error.run)}
            return Outcome(region=name_of(program), problems=reports, fields=fields, status=WRONG)
        except Interrupted as stopped:
            text = f"{stopped.run}\n{stopped}"
            return Outcome(region=name_of(program), text=text, fields={"run": run_fields(stopped.run)}, status=STOPPED)
        text = f"{run}\n{trace_text(run.trace)}".rstrip()
        fields = {"run": run_fields(run)}
        if run.deadlock is not None:
            problems = (_with_option(run.deadlock),)
            return Outcome(region=name_of(program), text=text, problems=problems, fields=fields, status=WRONG)
        if run.livelock is not None:
            problems = (run.livelock.report(),)
            return Outcome(region=name_of(program), text=text, problems=problems, fields=fields, status=WRONG)
        if outputs:
            write_arrays(outputs, {**run.arrays, **run.outputs})
        warnings = tuple(warning.report() for warning in run.warnings) if as_json else ()
        return Outcome(region=name_of(program), text=text, problems=warnings, fields=fields)

    concluded(simulated, as_json=as_json)


def _with_option(deadlock: DeadlockReport) -> Report:
    """The report, hinting at what to type on a command line."""
    report = deadlock.report()
    if not isinstance(deadlock.verdict, Deeper):
        return report
    options = (shlex.quote(f"{name}={depth}") for name, depth in deadlock.verdict.depths.items())
    return replace(report, hint=" ".join(f"--depth {option}" for option in options))


main.add_command(build_command)
main.add_command(replay_command)
main.add_command(size_command)
main.add_command(verify_command)
