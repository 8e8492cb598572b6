"""Reads `csynth.xml`, the report of Vitis HLS on C synthesis."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from spatial.device.operators import Resources
from spatial.source.errors import ToolError

__all__ = ["Bounds", "LoopSynthesis", "ModuleSynthesis", "Synthesis", "read_synthesis"]

Element = ElementTree.Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The least and the greatest number; None where the tool does not know."""

    least: int | None = None
    greatest: int | None = None

    def __str__(self) -> str:
        if self.least is None and self.greatest is None:
            return "?"
        if self.least == self.greatest:
            return str(self.least)
        return " to ".join("?" if each is None else str(each) for each in (self.least, self.greatest))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopSynthesis:
    """A loop: `interval` between iterations and cycles of one (`depth`), both None where it is not pipelined."""

    name: str
    trips: Bounds
    latency: Bounds
    interval: int | None
    depth: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSynthesis:
    """A function that has hardware of its own."""

    name: str
    latency: Bounds
    loops: tuple[LoopSynthesis, ...]
    resources: Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """What C synthesis estimates: cycles of a call (`latency`) and between calls, clock periods in ns, resources."""

    top: str
    part: str
    version: str
    target_period: float
    estimated_period: float
    latency: Bounds
    interval: Bounds
    resources: Resources
    available: Resources
    modules: tuple[ModuleSynthesis, ...]


def read_synthesis(path: Path) -> Synthesis:
    """The report at a path; raises `ToolError` where it is none.

    Source of the form: reports of Vitis HLS 2020.1 to 2024.2 in public repositories.
    """
    try:
        root = ElementTree.parse(path).getroot()
        return _synthesis(root)
    except OSError as error:
        raise ToolError(f"there is no report of the C synthesis: {path}: {error.strerror}") from error
    except (ElementTree.ParseError, ValueError) as error:
        raise ToolError(f"{path} is no report of a C synthesis: {error}") from error


def _synthesis(root: Element) -> Synthesis:
    estimates = "PerformanceEstimates/SummaryOf"
    period = root.findtext("UserAssignments/TargetClockPeriod")
    estimated = root.findtext(f"{estimates}TimingAnalysis/EstimatedClockPeriod")
    resources = root.find("AreaEstimates/Resources")
    if period is None or estimated is None or resources is None:
        raise ValueError("it has no clock periods or no resources")
    overall = f"{estimates}OverallLatency"
    return Synthesis(
        top=root.findtext("UserAssignments/TopModelName", ""),
        part=root.findtext("UserAssignments/Part", ""),
        version=root.findtext("ReportVersion/Version", ""),
        target_period=float(period),
        estimated_period=float(estimated),
        latency=_latency(root.find(overall)),
        interval=Bounds(
            least=_count(root.findtext(f"{overall}/Interval-min")),
            greatest=_count(root.findtext(f"{overall}/Interval-max")),
        ),
        resources=_resources(resources),
        available=_resources(root.find("AreaEstimates/AvailableResources")),
        modules=tuple(_module(each) for each in root.iterfind("ModuleInformation/Module")),
    )


def _module(element: Element) -> ModuleSynthesis:
    estimates = element.find("PerformanceEstimates")
    loops = estimates.find("SummaryOfLoopLatency") if estimates is not None else None
    return ModuleSynthesis(
        name=element.findtext("Name", ""),
        latency=_latency(estimates.find("SummaryOfOverallLatency") if estimates is not None else None),
        loops=tuple(_loops(loops)) if loops is not None else (),
        resources=_resources(element.find("AreaEstimates/Resources")),
    )


def _loops(element: Element) -> Iterator[LoopSynthesis]:
    """The loops of a function, each before those within it."""
    for child in element:
        if child.find("TripCount") is None:
            continue
        yield LoopSynthesis(
            name=child.findtext("Name") or child.tag,
            trips=_bounds(child.find("TripCount")),
            latency=_bounds(child.find("Latency")),
            interval=_count(child.findtext("PipelineII")),
            depth=_count(child.findtext("PipelineDepth")),
        )
        yield from _loops(child)


def _latency(element: Element | None) -> Bounds:
    if element is None:
        return Bounds()
    return Bounds(
        least=_count(element.findtext("Best-caseLatency")), greatest=_count(element.findtext("Worst-caseLatency"))
    )


def _bounds(element: Element | None) -> Bounds:
    """A number, or a range of them."""
    if element is None:
        return Bounds()
    least, greatest = element.find(".//min"), element.find(".//max")
    if least is not None and greatest is not None:
        return Bounds(least=_count(least.text), greatest=_count(greatest.text))
    count = _count(element.text)
    return Bounds(least=count, greatest=count)


def _resources(element: Element | None) -> Resources:
    def count(*names: str) -> int:
        found = (_count(element.findtext(name)) for name in names) if element is not None else ()
        return next((each for each in found if each is not None), 0)

    return Resources(
        dsp=count("DSP", "DSP48E"), lut=count("LUT"), ff=count("FF"), bram18=count("BRAM_18K"), uram=count("URAM")
    )


def _count(text: str | None) -> int | None:
    """A number of the report; it writes `undef`, `?` or `-` where it knows none."""
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None
