"""Exports a design as a project for the vendor's tools, with the data of a test bench and what we expect of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spatial.analysis.cost.estimate import Estimate, estimate
from spatial.analysis.pipelining.loops import LoopReport, loops_of
from spatial.build.hls.golden import data_files, golden_runs, inputs_for
from spatial.build.simulate import Simulator
from spatial.build.vendor.project import Project
from spatial.device.model import Device
from spatial.device.parts import Part, part_named
from spatial.lower.hls.design import Design
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.project.description import unlinkable
from spatial.lower.hls.project.files import Exported, project_files
from spatial.lower.hls.project.folder import check_folder, write_folder
from spatial.lower.hls.project.model import kernel_of
from spatial.lower.hls.project.prediction import LoopPrediction, Prediction, ProcessPrediction
from spatial.lower.hls.toolchain import HEADERS
from spatial.sim.result import Run
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["Exportable", "estimated", "export", "part_of"]


@dataclass(frozen=True, kw_only=True)
class Exportable:
    """A design; `asked` runs the user's program, `legal` the one that became C++."""

    design: Design
    device: Device
    interfaces: Mapping[str, Interface]
    asked: Simulator
    legal: Simulator


def part_of(device: Device) -> tuple[Part, float]:
    """The part and its clock in MHz; raises `ProgramError` where a device is none at a clock."""
    name, _, clock = device.name.partition("@")
    part = part_named(name)
    if part is None or not clock:
        title = f"a project is for a part at a clock, the device is {device.title}"
        hint = 'write `device=sp.fpga("xcu280", mhz=300)`'
        raise ProgramError([Misuse(title=title, span=caller_span("device"), hint=hint)])
    return part, float(clock)


def export(
    source: Exportable, path: Path, given: Mapping[str, object], seed: int, *, progress: bool = False
) -> Project:
    """Writes the project into a folder; the content is the same for the same design and data.

    Raises `ProgramError` where the folder is not ours or the data do not fit, and as `simulate` does.
    """
    part, megahertz = part_of(source.device)
    check_folder(path.resolve())
    graph, legal = source.asked.program.graph, source.legal.program.graph
    inputs = inputs_for(graph, given, seed)
    asked, made = golden_runs(source.asked, source.legal, inputs, progress=progress)
    kernel = kernel_of(legal, source.design.top.name, source.interfaces, part, megahertz)
    prediction = _prediction(source.legal, made, part, megahertz)
    golden = made if graph.is_timed else asked
    exported = Exported(
        kernel=kernel,
        top=source.design.top,
        sources=source.design.files,
        graph=graph,
        legal=legal,
        prediction=prediction,
        data=data_files(source.legal, inputs, golden),
        headers=HEADERS,
    )
    write_folder(path, project_files(exported))
    return Project(path=path.resolve(), top=kernel.top, part=part, unlinkable=unlinkable(kernel), prediction=prediction)


def estimated(simulator: Simulator) -> tuple[tuple[LoopReport, ...], Estimate | None]:
    """The loops of a program, and what it takes of its part."""
    network = simulator.network
    loops = loops_of(network.module, network.graph, network.timings)
    found = estimate(network.module, network.graph, network.timings, network.device, simulator.depths)
    return loops, found


def _prediction(simulator: Simulator, run: Run, part: Part, megahertz: float) -> Prediction:
    loops, found = estimated(simulator)
    notes = () if not simulator.program.graph.is_timed else ("what kernels do depends on time: results may differ",)
    return Prediction(
        region=run.region,
        part=part.name,
        megahertz=megahertz,
        cycles=run.cycles,
        processes={
            name: ProcessPrediction(
                busy=each.busy, stalled_input=each.stalled_input, stalled_output=each.stalled_output, done=each.done
            )
            for name, each in run.actors.items()
        },
        channels={name: (each.depth, each.high_water) for name, each in run.channels.items()},
        loops=tuple(_loop(each) for each in loops),
        resources=found.total if found is not None else None,
        budget=part.budget,
        peak=found.peak(run.cycles) if found is not None else None,
        notes=notes,
    )


def _loop(loop: LoopReport) -> LoopPrediction:
    return LoopPrediction(
        kernel=loop.kernel,
        loop=loop.name,
        line=loop.span.line,
        interval=loop.ii,
        latency=loop.latency,
        trips=loop.trip_count,
        cycles=loop.cycles,
    )
