"""What a design does with the vendor's tools: its project, its steps, its report."""

from abc import abstractmethod
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from spatial.build.collector import collector_paused
from spatial.build.hls.export import Exportable, estimated, export
from spatial.build.hls.report import HlsReport, typed
from spatial.build.options import Built
from spatial.build.report import TimingReport
from spatial.build.simulate import Simulator
from spatial.build.vendor.project import Project
from spatial.build.vendor.results import CosimulationResult, EmulationResult, HardwareResult, SynthesisResult
from spatial.device.model import Device
from spatial.device.parts import part_named
from spatial.lower.hls.design import Design
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.project.model import connections, kernel_of
from spatial.region.program import Program
from spatial.sim.reference.network import compile_network
from spatial.sim.result import Run
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["Driven", "check_path"]


class Driven(Built):
    """A design that can be exported; `project` is where it was exported to last, None before."""

    program: Program
    legal: Program
    design: Design
    device: Device
    interfaces: Mapping[str, Interface]
    depths: Mapping[str, int]
    project: Project | None

    @property
    @abstractmethod
    def simulator(self) -> Simulator:
        """What runs the program that became C++."""

    @property
    @abstractmethod
    def last_run(self) -> Run | None:
        """The predicted run of the last call."""

    def export(
        self,
        path: str | PathLike[str],
        *,
        inputs: Mapping[str, object] | None = None,
        seed: int = 0,
        progress: bool = False,
    ) -> Project:
        """Writes the design into a folder as a project for the vendor's tools, with a test bench and what we expect.

        `inputs` are arrays, numbers and tokens of streams by the names of parameters; arrays that are not given are
        random, the same for the same `seed`. `progress` shows on a terminal how far the test bench's runs have come.
        Raises `ProgramError` where the folder is not one that an export made, the device is no part at a clock, or
        the inputs do not fit, `ToolError` where writing fails, and as `simulate` does. A folder is written whole or
        not at all.
        """
        folder = check_path(path)
        source = Exportable(
            design=self.design,
            device=self.device,
            interfaces=self.interfaces,
            asked=self.asked(),
            legal=self.simulator,
        )
        self.project = export(source, folder, inputs or {}, seed, progress=progress)
        return self.project

    def csyn(self, *, shown: bool = True) -> SynthesisResult:
        """C synthesis of the project: estimated clock, cycles and resources beside ours; `print` tabulates them.

        Its output is shown on the standard error unless `shown` is false. This and the steps below raise `ToolError`
        where a tool is missing or fails, and `ProgramError` where there is no project.
        """
        return self._exported("csyn").csyn(shown=shown)

    def cosim(self, *, shown: bool = True) -> CosimulationResult:
        """Co-simulation of the RTL with the test bench: its cycles beside ours."""
        return self._exported("cosim").cosim(shown=shown)

    def hw_emu(self, *, shown: bool = True) -> EmulationResult:
        """Hardware emulation of the linked design, run by the host program."""
        return self._exported("hw_emu").hw_emu(shown=shown)

    def hw(self, *, run: bool = False, shown: bool = True) -> HardwareResult:
        """Links for hardware, which takes hours: clock and resources after routing beside ours.

        With `run` the host program is run on the card too.
        """
        return self._exported("hw").hw(run=run, shown=shown)

    @property
    def report(self) -> HlsReport:
        """Ports, loops, resources and cycles on the device, tabulated by `print`."""
        loops, found = estimated(self.simulator)
        cycles = self._cycles()
        timing = TimingReport(
            region=self.name,
            device=self.device.title,
            loops=loops,
            resources=found,
            peak=found.peak(cycles) if found is not None and cycles is not None else None,
        )
        types = {parameter.name: typed(parameter) for parameter in self.program.graph.parameters}
        return HlsReport(interfaces=self.interfaces, types=types, banks=self._banks(), timing=timing, cycles=cycles)

    def _banks(self) -> Mapping[str, str]:
        """The memory that each array is in, where the device is a part."""
        part = part_named(self.device.name.partition("@")[0])
        if part is None:
            return {}
        kernel = kernel_of(self.legal.graph, self.design.top.name, self.interfaces, part, megahertz=1.0)
        return dict(connections(kernel))

    def _cycles(self) -> int | None:
        """The cycles of the last call, or of the data it was exported with."""
        if (run := self.last_run) is not None:
            return run.cycles
        return self.project.prediction.cycles if self.project is not None else None

    def asked(self) -> Simulator:
        """What runs the user's program, with the channels as deep as in the design."""
        if self.program is self.legal:
            return self.simulator
        graph = self.program.graph
        depths = {channel.name: self.depths.get(channel.name, channel.depth) for channel in graph.channels}
        with collector_paused():
            network = compile_network(self.program.module, graph, self.device)
        return Simulator(self.program, network, "native", depths)

    def _exported(self, step: str) -> Project:
        if self.project is None:
            title = f"`{step}` works on a project, and `{self.name}` has not been exported"
            hint = 'write `mod.export("DIR")` before it, or build it with `mode="project", path="DIR"`'
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])
        return self.project


def check_path(path: object) -> Path:
    """The folder that is asked for; raises `ProgramError` where it is no path."""
    if isinstance(path, str | PathLike) and str(path):
        return Path(path)
    title = "a project is written to a folder, and none is given" if not path else f"`{path!r}` is no path of a folder"
    raise ProgramError([Misuse(title=title, span=caller_span("path"), hint='write `path="DIR"`')])
