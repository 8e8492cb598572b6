"""The command `spatial build`."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import numpy as np

from spatial.build.hls.golden import copied
from spatial.build.hls.module import HlsModule, compile_hls
from spatial.build.hls.project import MODES, STEPS
from spatial.build.results import results_by_name
from spatial.build.vendor.compare import Figure
from spatial.build.vendor.project import Project
from spatial.build.vendor.results import CosimulationResult, EmulationResult, HardwareResult, SynthesisResult
from spatial.cli.build_npu import build_for_npu
from spatial.cli.inputs import arguments_for, read_arrays
from spatial.cli.load import load_program, of_user
from spatial.cli.options import common_hardware, depth_option, numbers_argument
from spatial.cli.outcome import WRONG, Outcome, concluded
from spatial.device.model import DEVICES, Device
from spatial.device.npu import Npu
from spatial.device.parts import part_named
from spatial.lower.hls.project.folder import check_folder

__all__ = ["build"]

Result = SynthesisResult | CosimulationResult | EmulationResult | HardwareResult
DRIVERS: Mapping[str, Callable[[Project], Result]] = {
    "csyn": Project.csyn,
    "cosim": Project.cosim,
    "hw_emu": Project.hw_emu,
    "hw": Project.hw,
}


@click.command()
@common_hardware
@numbers_argument
@click.option(
    "--target",
    "kind",
    type=click.Choice(["hls", "aie"]),
    show_default="aie for an NPU, hls otherwise",
    help="C++ for Vitis HLS, or a design for an NPU.",
)
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="DIR", help="The folder of the project.")
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="project",
    show_default=True,
    help="csim runs the design here, project writes it, the others write it and run the vendor's tools on it.",
)
@depth_option("Depth in tokens of a stream, fifo_A=4, or of one of its channels, fifo_A[1,2]=4. Repeatable.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the random inputs.")
@click.option(
    "--inputs",
    type=click.Path(path_type=Path),
    metavar="X.NPZ",
    help="Arrays and tokens by parameter name; arrays that it does not hold are random, or zero if only written.",
)
def build(
    target: str,
    device: Device | Npu | None,
    as_json: bool,
    numbers: dict[str, str],
    kind: str | None,
    output: Path | None,
    mode: str,
    depths: dict[str, int],
    seed: int,
    inputs: Path | None,
) -> None:
    """Make FILE:NAME a design in C++ for Vitis HLS, or one for an NPU.

    A project holds the kernel, a test bench with inputs and the results that the simulator has, settings for the
    vendor's tools, a host program, and what we expect: cycles, depths, resources. NAME=VALUE gives a scalar parameter
    its value and says how many random tokens a stream parameter takes. Modes: csim compiles and runs the
    test bench with a C++ compiler; project writes into DIR; csyn, cosim, hw_emu and hw also run C synthesis,
    co-simulation, hardware emulation, or the link for hardware, and tell their figures beside ours.
    With --target aie, or --device npu1, a project holds the placed design and host programs, and takes no inputs.
    """
    if kind == "aie" or (kind is None and isinstance(device, Npu)):
        unfit = {f"--mode {mode}": mode != "project", "--inputs": inputs, "--seed": seed, "NAME=VALUE": numbers}
        if wrong := [option for option, given in unfit.items() if given]:
            raise click.UsageError(f"a design for an NPU takes no {wrong[0]}: its project is written without a run")
        build_for_npu(target, device, output, depths, as_json=as_json)
        return
    if isinstance(device, Npu):
        raise click.UsageError(f"--target hls is for FPGAs, not for {device.name}: write --target aie")
    if mode != "csim" and output is None:
        raise click.UsageError("say where to write the project: -o DIR")
    fpga = device or DEVICES["hls"]
    if mode != "csim" and part_named(fpga.name.partition("@")[0]) is None:
        raise click.UsageError(f"a project is for a part at a clock, not for {fpga.title}: write --device xcu280@300")

    def built() -> Outcome:
        given = read_arrays(inputs) if inputs else {}
        if output is not None:
            check_folder(output.resolve())
        program = load_program(target)
        with of_user():
            made = compile_hls(program, "hls" if fpga.name == "ideal" else fpga, depths)
        graph = made.program.graph
        names = [parameter.name for parameter in graph.asked]
        arguments = dict(zip(names, arguments_for(graph, given, numbers, seed), strict=True))
        if mode == "csim":
            return _simulated(made, arguments)
        assert output is not None
        project = made.export(output, inputs=arguments, progress=not as_json)
        result = DRIVERS[mode](project) if mode in STEPS else None
        return _told(made, project, mode, result)

    concluded(built, as_json=as_json)


def _simulated(made: HlsModule, inputs: Mapping[str, object]) -> Outcome:
    """C-simulation beside the simulator."""
    ours = made.asked().perform((), copied(inputs))
    arrays = copied(inputs)
    arrays |= results_by_name(made.program.graph, made.perform((), arrays))
    wrong = [name for name, array in _results(made, arrays) if not _same(array, {**ours.arrays, **ours.outputs}[name])]
    if wrong:
        text = f"{made.name}: C-simulation gives other values in {', '.join(wrong)} than the simulator"
        return Outcome(region=made.name, text=text, fields={"differing": wrong}, status=WRONG)
    text = f"{made.name}: C-simulation gives what the simulator does, which takes {ours.cycles} cycles"
    return Outcome(region=made.name, text=text, fields={"differing": [], "cycles": ours.cycles})


def _results(made: HlsModule, arrays: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What a call has written."""
    for name in made.design.written:
        yield name, arrays[name]
    yield from made.outputs.items()


def _same(one: object, other: object) -> bool:
    first, second = np.asarray(one), np.asarray(other)
    return np.array_equal(first, second) or first.tobytes() == second.tobytes()


def _told(made: HlsModule, project: Project, mode: str, result: Result | None) -> Outcome:
    predicted = project.prediction
    fields: dict[str, object] = {
        "project": {"path": str(project.path), "top": project.top, "part": project.part.number},
        "predicted": {"cycles": predicted.cycles, "microseconds": predicted.microseconds},
    }
    text = f"{made.report}\nwritten to {project.path}: `make csim` there runs its test bench"
    if result is not None:
        figures = () if isinstance(result, EmulationResult) else result.figures
        fields[mode] = {figure.name: _figure(figure) for figure in figures}
        text = f"{text}\n{result}"
    return Outcome(region=made.name, text=text, fields=fields)


def _figure(figure: Figure) -> Mapping[str, object]:
    return {"reported": figure.reported, "predicted": figure.predicted, "percent": figure.difference}
