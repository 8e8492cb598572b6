"""The module that `sp.build(..., target="aie")` makes: a placed design for an NPU."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike

from spatial.build.aie.export import AieProject, export_project
from spatial.build.aie.hardware import Hardware, found_hardware
from spatial.build.aie.placed import Placed, placed
from spatial.build.aie.report import AieReport, floor_plan_of, report_of
from spatial.build.collector import collector_paused
from spatial.build.cpu import CpuModule
from spatial.build.hls.driven import check_path
from spatial.build.options import Built
from spatial.build.profile import Profile, profile_of
from spatial.build.simulate import Simulator
from spatial.build.subject import Runnable
from spatial.device.fpga import device_of
from spatial.device.npu import Npu
from spatial.lower.aie.design import Placement
from spatial.lower.aie.emit.design import Design
from spatial.lower.hls.project.folder import check_folder
from spatial.region.program import Program
from spatial.sim.native.untimed import compile_untimed
from spatial.sim.reference.network import compile_network
from spatial.sim.result import Run
from spatial.source.errors import Misuse, ProgramError
from spatial.source.notice import Notice
from spatial.source.span import caller_span

__all__ = ["MODES", "AieModule", "compile_aie"]

MODES = ("functional", "project")
FUNCTIONAL = "of functional runs on this machine, not on an NPU: `print(module.report)` has what a call takes there"


@dataclass(slots=True)
class AieModule(Built):
    """A program as a placed design for an NPU; call it with arguments as often as you like.

    `str(module)` and `code` are its text for the NPU's tools, `design` all of it, `placement` where everything stands.
    On a machine with an NPU and its tools a call runs there; elsewhere it runs the design functionally, the program
    with fifos in place of channels on machine code, and says so once. `project` is where it was exported to last.
    """

    placed: Placed
    project: AieProject | None = None
    engine: CpuModule | None = field(default=None, repr=False)
    hardware: Hardware | None = field(default=None, repr=False)
    told: bool = field(default=False, repr=False)

    @property
    def name(self) -> str:
        """The program's name."""
        return self.placed.program.graph.name

    @property
    def program(self) -> Program:
        """What was asked for."""
        return self.placed.program

    @property
    def notes(self) -> Sequence[Notice]:
        """What works, and costs more than it need, and what is not proven; `print` shows one as messages are shown."""
        return self.placed.notes

    @property
    def npu(self) -> Npu:
        """The device."""
        return self.placed.npu

    @property
    def design(self) -> Design:
        """What the NPU's tools are given."""
        return self.placed.design

    @property
    def placement(self) -> Placement:
        """Where everything stands, and how good that is."""
        return self.placed.placement

    @property
    def module(self) -> object:
        """The MLIR module for the NPU."""
        return self.design.module

    @property
    def code(self) -> str:
        """The module's text in the syntax of the NPU's tools."""
        return self.design.code

    def __str__(self) -> str:
        return self.code

    @property
    def report(self) -> AieReport:
        """Tiles and what they hold, what a call takes on the NPU and why, tabulated by `print`."""
        return report_of(self.placed)

    @property
    def floor_plan(self) -> str:
        """A picture of the array as SVG: what each tile does and holds, and the ways between.

        Raises `ProgramError` where how long the design takes is only known by running it.
        """
        return floor_plan_of(self.placed)

    @property
    def functional(self) -> CpuModule:
        """What runs the design where there is no NPU: its fifos are as deep as the channels are declared."""
        if self.engine is None:
            legal = self.placed.legal
            with collector_paused():
                network = compile_network(legal.module, legal.graph, device_of("ideal"))
                self.engine = CpuModule(Simulator(legal, network, "native"), compile_untimed(network))
        return self.engine

    @property
    def last_run(self) -> Run | None:
        """The functional run of the last call, timed by structure only; None before the first."""
        return self.engine.last_run if self.engine is not None else None

    def reset(self) -> None:
        """Gives all stateful memory its first values again."""
        if self.hardware is not None:
            self.hardware.reset()
        if self.engine is not None:
            self.engine.reset()

    def __call__(self, *arguments: object, **named: object) -> object:
        """Runs it and writes the outputs into the arrays; what it returns. Raises as `simulate` does."""
        return self.perform(arguments, named)

    def perform(self, arguments: Sequence[object], named: Mapping[str, object]) -> object:
        """A call with its arguments in order and by name; what it returns."""
        if self.hardware is None and not self.told:
            self.hardware = found_hardware(self.placed)
        if self.hardware is not None:
            return self.hardware.perform(arguments, named)
        if not self.told:
            self.told = True
            print(f"note: there is no NPU here, `{self.name}` runs functionally on this machine", file=sys.stderr)
        return self.functional.perform(arguments, named)

    def profile(self, *arguments: object, warmup: int = 10, iterations: int = 100, **named: object) -> Profile:
        """Calls it `warmup` times, then `iterations` times with a clock; the arrays are as the last call leaves them.

        A call is all from handing over arrays to having them back. Without an NPU these are times of this machine, as
        the profile says then, and the report has what a call takes there. Raises as a call does.
        """
        found = profile_of(lambda: self.perform(arguments, named), warmup, iterations)
        return found if self.hardware is not None else replace(found, remark=FUNCTIONAL)

    def export(self, path: str | PathLike[str]) -> AieProject:
        """Writes the design into a folder as a project for the NPU's tools, with host programs in C++ and Python.

        Raises `ProgramError` where the folder is not one that an export made, `ToolError` where writing fails. A folder
        is written whole or not at all.
        """
        self.project = export_project(self.placed, check_path(path))
        return self.project


def compile_aie(
    given: Runnable,
    device: object = None,
    depths: Mapping[str, int] | None = None,
    mode: str | None = None,
    path: object = None,
    seconds: float | None = None,
    sequence: str | None = None,
) -> AieModule:
    """Makes a placed design of a program, and exports it with `mode="project"`.

    Raises `ProgramError` with everything that is wrong.
    """
    if mode not in (None, *MODES):
        title = f"a design for an NPU has no mode {mode!r}"
        hint = f"write `mode=` with one of {', '.join(MODES)}"
        raise ProgramError([Misuse(title=title, span=caller_span("mode"), hint=hint)])
    if mode == "project":
        check_folder(check_path(path).resolve())
    elif path is not None:
        title = "`path` is for projects"
        raise ProgramError([Misuse(title=title, span=caller_span("path"), hint='write `mode="project"`')])
    module = AieModule(placed(given, device, depths, seconds, sequence))
    if mode == "project":
        module.export(check_path(path))
    return module
