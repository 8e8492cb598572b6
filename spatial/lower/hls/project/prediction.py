"""What we expect of a design, as `predicted.json` holds it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from spatial.analysis.cost.estimate import Peak
from spatial.device.operators import Resources

__all__ = ["LoopPrediction", "Prediction", "ProcessPrediction", "prediction_text", "read_prediction"]

MODELLED = (
    "each process as a pipeline with the stages of the part's operators at the clock",
    "each FIFO with its depth, and with the cycles that a token takes through it",
    "the processes that copy arrays in and out, one element a cycle",
)
NOT_MODELLED = (
    "the latency and the bandwidth of memory outside, and bursts that wait for each other",
    "the start of the kernel by the host, and the registers of its control port",
    "the clock that is reached after routing",
    "what the adapters of AXI ports take",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPrediction:
    """How a process spends its cycles; it ends in cycle `done`."""

    busy: int
    stalled_input: int
    stalled_output: int
    done: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPrediction:
    """A loop of a kernel of the user's; None where it depends on data."""

    kernel: str
    loop: str
    line: int
    interval: int | None
    latency: int | None
    trips: int | None
    cycles: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A design for a part at a clock: cycles of a call with the data in the folder, what it takes, what it may take.

    `channels` are the depths, and the most tokens that were in them. `peak` is how near a call comes to the most that
    DSPs can do, None where that is not known.
    """

    region: str
    part: str
    megahertz: float
    cycles: int
    processes: Mapping[str, ProcessPrediction]
    channels: Mapping[str, tuple[int, int]]
    loops: tuple[LoopPrediction, ...]
    resources: Resources | None
    budget: Resources | None
    peak: Peak | None = None
    modelled: tuple[str, ...] = MODELLED
    not_modelled: tuple[str, ...] = NOT_MODELLED
    notes: tuple[str, ...] = field(default=())

    @property
    def microseconds(self) -> float:
        """The time of a call."""
        return self.cycles / self.megahertz


def prediction_text(prediction: Prediction) -> str:
    """The text of `predicted.json`."""
    channels = {name: {"depth": depth, "high_water": highest} for name, (depth, highest) in prediction.channels.items()}
    fields = {
        "region": prediction.region,
        "part": prediction.part,
        "megahertz": prediction.megahertz,
        "cycles": prediction.cycles,
        "microseconds": round(prediction.microseconds, 3),
        "resources": prediction.resources and asdict(prediction.resources),
        "budget": prediction.budget and asdict(prediction.budget),
        "peak": prediction.peak and asdict(prediction.peak),
        "processes": {name: asdict(process) for name, process in prediction.processes.items()},
        "channels": channels,
        "loops": [asdict(loop) for loop in prediction.loops],
        "modelled": prediction.modelled,
        "not_modelled": prediction.not_modelled,
        "notes": prediction.notes,
    }
    return json.dumps(fields, indent=2) + "\n"


def read_prediction(text: str) -> Prediction:
    """What a text of `predicted.json` holds; raises `ValueError`, `KeyError` or `TypeError` where it is another one."""
    fields = json.loads(text)
    resources, budget = (fields[name] and Resources(**fields[name]) for name in ("resources", "budget"))
    return Prediction(
        region=fields["region"],
        part=fields["part"],
        megahertz=fields["megahertz"],
        cycles=fields["cycles"],
        processes={name: ProcessPrediction(**each) for name, each in fields["processes"].items()},
        channels={name: (each["depth"], each["high_water"]) for name, each in fields["channels"].items()},
        loops=tuple(LoopPrediction(**each) for each in fields["loops"]),
        resources=resources,
        budget=budget,
        peak=fields["peak"] and Peak(**fields["peak"]),
        modelled=tuple(fields["modelled"]),
        not_modelled=tuple(fields["not_modelled"]),
        notes=tuple(fields["notes"]),
    )
