"""An exported project, and the vendor's tools at work on it."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from spatial.build.vendor.cosim import read_cosimulation
from spatial.build.vendor.csynth import read_synthesis
from spatial.build.vendor.results import CosimulationResult, EmulationResult, HardwareResult, SynthesisResult
from spatial.build.vendor.routed import read_kernel_resources, read_timing
from spatial.build.vendor.running import run_tool
from spatial.build.vendor.tools import Flow, found_flow, needed, runtime_folder
from spatial.device.parts import Part, parts
from spatial.lower.hls.project.commands import WORK, Command, classic, linking, unified
from spatial.lower.hls.project.prediction import Prediction, read_prediction
from spatial.source.errors import Misuse, ProgramError, ToolError
from spatial.source.span import caller_span

__all__ = ["Project", "open_project"]

SOURCES = ("kernel.h", "kernel.cpp", "processes.h", "tb.cpp", "hls_config.cfg", "run.tcl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An exported folder; `top` is the function that becomes hardware.

    Each step runs those before it where what they left is missing or of other sources. The output of the tools is
    kept under `build` in the folder, and on the standard error unless `shown` is false. A step raises `ToolError`
    where a tool is missing or fails; Ctrl-C ends the tool with all that it has started.
    """

    path: Path
    top: str
    part: Part
    unlinkable: str = ""
    prediction: Prediction = field(repr=False)

    def csyn(self, *, shown: bool = True) -> SynthesisResult:
        """C synthesis: the estimated clock, cycles and resources."""
        flow = found_flow("C synthesis")
        reports = self.path / WORK / "hls" / "syn" / "report"
        self._forget(reports, "*csynth.xml")
        self._stamp.unlink(missing_ok=True)
        self._run(_step(flow, "csyn"), "csyn", shown=shown)
        whole = reports / "csynth.xml"
        report = read_synthesis(whole if whole.exists() else reports / f"{self.top}_csynth.xml")
        self._stamp.write_text(self._digest(), encoding="utf-8")
        return SynthesisResult(report=report, predicted=self.prediction)

    def cosim(self, *, shown: bool = True) -> CosimulationResult:
        """Co-simulation of the RTL with the test bench; raises `ToolError` where a result is another one."""
        flow = found_flow("co-simulation")
        if not self._synthesized:
            self.csyn(shown=shown)
        reports = self.path / WORK / "hls" / "sim" / "report"
        self._forget(reports, "*_cosim.rpt")
        self._run(_step(flow, "cosim"), "cosim", shown=shown)
        report = read_cosimulation(reports / f"{self.top}_cosim.rpt")
        if not report.passed:
            log = self.path / "build" / "cosim.log"
            raise ToolError(
                f"the co-simulation of `{self.top}` failed: its results are not those of the test bench; see {log}"
            )
        return CosimulationResult(top=self.top, report=report, predicted=self.prediction)

    def hw_emu(self, *, shown: bool = True) -> EmulationResult:
        """Links for hardware emulation, and runs the host program on it."""
        self._check_linkable("hw_emu")
        if self.part.board != "card":
            raise self._misuse("`hw_emu` is for cards in a host", "type `make xclbin TARGET=hw_emu`, and package it")
        runtime = runtime_folder("hardware emulation")
        needed(("v++", "emconfigutil", "g++"), "hardware emulation")
        self._link("hw_emu", shown=shown)
        self._run(
            Command(words=("emconfigutil", "--platform", self.platform, "--od", "build")), "emconfig", shown=shown
        )
        return self._host("hw_emu", runtime, {"XCL_EMULATION_MODE": "hw_emu"}, shown=shown)

    def hw(self, *, run: bool = False, shown: bool = True) -> HardwareResult:
        """Links for hardware, which takes hours: the file to load, timing, and resources after routing.

        With `run` the host program is run on the card too; raises `ToolError` where a result is another one.
        """
        self._check_linkable("hw")
        needed(("v++",), "linking for hardware")
        runtime = runtime_folder("the host program") if run else None
        binary = self._link("hw", shown=shown)
        if runtime is not None:
            self._host("hw", runtime, {}, shown=shown)
        built = self.path / "build" / "hw"
        return HardwareResult(
            top=self.top,
            binary=binary,
            timing=read_timing(_found(built, "*timing_summary*routed*.rpt")),
            resources=read_kernel_resources(_found(built, "*kernel_util_routed.rpt"), self.top),
            predicted=self.prediction,
        )

    @property
    def platform(self) -> str:
        """What the design is linked for: the variable PLATFORM of the environment, or the part's."""
        return os.environ.get("PLATFORM") or self.part.platform

    @property
    def _stamp(self) -> Path:
        return self.path / WORK / "sources.sha256"

    @property
    def _synthesized(self) -> bool:
        """Whether the sources are those that were synthesized last."""
        return self._stamp.is_file() and self._stamp.read_text(encoding="utf-8") == self._digest()

    def _digest(self) -> str:
        texts = (self.path / name for name in SOURCES)
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in texts if path.is_file())).hexdigest()

    def _link(self, target: str, *, shown: bool) -> Path:
        """The linked design."""
        flow = found_flow("linking")
        kernel = self.path / WORK / f"{self.top}.xo"
        if not self._synthesized:
            self.csyn(shown=shown)
            kernel.unlink(missing_ok=True)
        if not kernel.is_file():
            self._run(_step(flow, "xo"), "xo", shown=shown)
        (self.path / "build" / target).mkdir(parents=True, exist_ok=True)
        self._run(linking(self.top, target, self.platform), f"link_{target}", shown=shown)
        return self.path / "build" / target / f"{self.top}.xclbin"

    def _host(self, target: str, runtime: Path, environment: Mapping[str, str], *, shown: bool) -> EmulationResult:
        """A run of the host program."""
        compiled = ("g++", "-std=c++17", "-O2", f"-I{runtime / 'include'}", "host.cpp", "-o", "./build/host")
        linked = (f"-L{runtime / 'lib'}", "-lxrt_coreutil", "-pthread")
        self._run(Command(words=(*compiled, *linked)), "host", shown=shown)
        words = ("./build/host", f"build/{target}/{self.top}.xclbin")
        log = self._run(Command(words=words, environment=environment), f"run_{target}", shown=shown)
        return EmulationResult(top=self.top, target=target, output=log.read_text(encoding="utf-8"))

    def _run(self, command: Command, name: str, *, shown: bool) -> Path:
        """Runs a command in the folder; the log of it."""
        log = self.path / "build" / f"{name}.log"
        run_tool(command.words, self.path, log, shown=shown, environment=command.environment)
        return log

    def _forget(self, folder: Path, pattern: str) -> None:
        """Removes reports, so that one found later is of this run."""
        for report in folder.glob(pattern):
            report.unlink()

    def _check_linkable(self, step: str) -> None:
        if self.unlinkable:
            raise self._misuse(f"`{self.top}` cannot be linked by itself: {self.unlinkable}", f"leave out `{step}`")

    def _misuse(self, title: str, hint: str) -> ProgramError:
        return ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


def open_project(path: str | PathLike[str]) -> Project:
    """The project in a folder that was exported before: to run the vendor's tools on it, now or in another session.

    Raises `ProgramError` where the folder holds none.
    """
    folder = Path(path).resolve()
    try:
        described = json.loads((folder / "description.json").read_text(encoding="utf-8"))
        prediction = read_prediction((folder / "predicted.json").read_text(encoding="utf-8"))
        part = parts()[described["device"]["part"]]
        found = Project(
            path=folder, top=described["top"], part=part, unlinkable=described["unlinkable"], prediction=prediction
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        title = f"{folder} holds no exported project: {type(error).__name__}: {error}"
        hint = 'write one with `sp.build(..., target="hls", mode="project", path=...)`'
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)]) from error
    return found


def _step(flow: Flow, step: str) -> Command:
    return unified(step) if flow is Flow.UNIFIED else classic(step)


def _found(folder: Path, pattern: str) -> Path:
    """The newest report of that name."""
    found = sorted(folder.rglob(pattern), key=lambda path: path.stat().st_mtime)
    if not found:
        raise ToolError(f"the tools left no report {pattern} under {folder}")
    return found[-1]
