"""What each step of the vendor's tools gives: its report beside our prediction."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spatial.build.vendor.compare import Figure, LoopFigures, loops_tabulated, resource_figures, tabulated
from spatial.build.vendor.cosim import Cosimulation
from spatial.build.vendor.csynth import Synthesis
from spatial.build.vendor.routed import Timing
from spatial.device.operators import Resources
from spatial.lower.hls.project.prediction import LoopPrediction, Prediction

__all__ = ["CosimulationResult", "EmulationResult", "HardwareResult", "SynthesisResult"]

KNOWN = "C synthesis adds up cycles of processes as if none waited for another: co-simulation has the truth"


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisResult:
    """C synthesis: `print` tabulates it."""

    report: Synthesis
    predicted: Prediction

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its numbers with ours."""
        return tuple(self._figures())

    def _figures(self) -> Iterator[Figure]:
        yield Figure(name="cycles of a call", reported=self.report.latency.greatest, predicted=self.predicted.cycles)
        yield Figure(
            name="clock period", unit="ns", reported=self.report.estimated_period, predicted=self.report.target_period
        )
        yield from resource_figures(self.report.resources, self.predicted.resources)

    @property
    def loops(self) -> tuple[LoopFigures, ...]:
        """Its pipelined loops with ours of the same name in the same kernel."""
        return tuple(
            LoopFigures(module=module.name, loop=loop, predicted=_ours(self.predicted, module.name, loop.name))
            for module in self.report.modules
            for loop in module.loops
            if loop.interval is not None
        )

    def __str__(self) -> str:
        title = f"{self.report.top} on {self.report.part}: C synthesis with version {self.report.version}"
        loops = [loops_tabulated(self.loops)] if self.loops else []
        return "\n".join([tabulated(title, self.figures), KNOWN, *loops])


@dataclass(frozen=True, slots=True, kw_only=True)
class CosimulationResult:
    """Co-simulation of the RTL: `print` tabulates it."""

    top: str
    report: Cosimulation
    predicted: Prediction

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its numbers with ours."""
        return (
            Figure(name="cycles of a call", reported=self.report.latency.greatest, predicted=self.predicted.cycles),
        )

    def __str__(self) -> str:
        verdict = "passed" if self.report.passed else "failed"
        return tabulated(f"{self.top}: co-simulation of the {self.report.language} {verdict}", self.figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulationResult:
    """A run of the host program; `output` is what it printed."""

    top: str
    target: str
    output: str

    def __str__(self) -> str:
        return f"{self.top}, {self.target}: the results are as simulated\n{self.output}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareResult:
    """A linked design: the file to load, its timing, and what the kernel takes; `print` tabulates it."""

    top: str
    binary: Path
    timing: Timing
    resources: Resources
    predicted: Prediction

    @property
    def megahertz(self) -> float:
        """The clock that the slack allows, at most the one asked for."""
        return min(self.predicted.megahertz, self.timing.megahertz(1000 / self.predicted.megahertz))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its numbers with ours."""
        clock = Figure(name="clock", unit="MHz", reported=self.megahertz, predicted=self.predicted.megahertz)
        return clock, *resource_figures(self.resources, self.predicted.resources)

    def __str__(self) -> str:
        met = "meets its timing" if self.timing.met else f"misses its timing by {-self.timing.setup:.3f} ns"
        return tabulated(f"{self.top}: {self.binary.name} {met}", self.figures)


def _ours(predicted: Prediction, module: str, loop: str) -> LoopPrediction | None:
    """What we predicted of a loop: processes are called after their kernels."""
    return next((each for each in predicted.loops if each.loop == loop and module.startswith(each.kernel)), None)
