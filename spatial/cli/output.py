"""What a command leaves behind: JSON, tables, and files of arrays."""

import json
import math
import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import click
import numpy as np

from spatial.analysis.cost.estimate import Estimate
from spatial.analysis.pipelining.timing import Limit
from spatial.build.aie.report import AieReport
from spatial.build.report import TimingReport
from spatial.build.samples import Array
from spatial.build.timeline import FORMATS
from spatial.sim.explain.deadlock import Deeper, Hopeless, PartnerFinished, Undecided, Verdict
from spatial.sim.result import Run, Trace
from spatial.source.report import Label, Report

__all__ = [
    "as_json",
    "check_timeline_file",
    "check_writable",
    "problem_fields",
    "report_fields",
    "run_fields",
    "trace_text",
    "write_arrays",
]

Fields = dict[str, object]


def as_json(fields: Mapping[str, object]) -> str:
    """JSON in the order of the fields; it has no infinities, so those become text."""
    return json.dumps(_plain(fields), indent=2, ensure_ascii=False, allow_nan=False)


def problem_fields(report: Report) -> Fields:
    """One problem."""
    return {
        "code": report.code,
        "severity": report.severity,
        "title": report.title,
        **_place(report.primary),
        "related": [_place(label) for label in report.related],
        "notes": list(report.notes),
        "hint": report.hint,
    }


def report_fields(report: TimingReport | AieReport) -> Fields:
    """How each loop is pipelined, and what the program takes of a part; or of an NPU, and how long."""
    if isinstance(report, AieReport):
        return _placed_fields(report)
    return {
        "device": report.device,
        "resources": _estimate_fields(report.resources),
        "peak": asdict(report.peak) if report.peak else None,
        "loops": [
            {
                "kernel": loop.kernel,
                "actors": list(loop.actors),
                "name": loop.name,
                "file": loop.span.file,
                "line": loop.span.line,
                "style": loop.style,
                "ii": loop.ii,
                "latency": loop.latency,
                "trip_count": loop.trip_count,
                "cycles": loop.cycles,
                "limit": _limit_fields(loop.limit),
            }
            for loop in report.loops
        ],
    }


def _estimate_fields(found: Estimate | None) -> Fields | None:
    if found is None:
        return None
    functions = [
        {
            "function": cost.function,
            "kernel": cost.kernel,
            "actors": list(cost.actors),
            "operators": [{"kind": kind, "bits": bits, "count": n} for (kind, bits), n in cost.units.items()],
            "each": asdict(cost.each),
            "total": asdict(cost.total),
        }
        for cost in found.functions
    ]
    return {
        "functions": functions,
        "kernels": {kernel: asdict(total) for kernel, total in found.kernels.items()},
        "channels": asdict(found.channels),
        "memories": asdict(found.memories),
        "total": asdict(found.total),
        "budget": asdict(found.budget) if found.budget else None,
        "work": asdict(found.work) if found.work else None,
    }


def _limit_fields(limit: Limit | None) -> Fields | None:
    if limit is None:
        return None
    parts = [{"what": part.what, "stages": part.stages, "line": part.span.line} for part in limit.parts]
    place = {"why": limit.why, "line": limit.span.line, "distance": limit.distance}
    return {"kind": limit.kind, **place, "parts": parts}


def run_fields(run: Run) -> Fields:
    """What a run has to tell, whole or partial."""
    return {
        "device": run.device,
        "ending": run.ending,
        "cycles": run.cycles,
        "bottleneck": run.bottleneck.name if run.bottleneck else None,
        "channels": {
            name: {
                "depth": channel.depth,
                "tokens": channel.tokens,
                "left": channel.left,
                "high_water": channel.high_water,
                "cycles_full": channel.cycles_full,
                "cycles_empty": channel.cycles_empty,
            }
            for name, channel in run.channels.items()
        },
        "actors": {
            name: {
                "busy": actor.busy,
                "stalled_input": actor.stalled_input,
                "stalled_output": actor.stalled_output,
                "done": actor.done,
                "waits_for": actor.waits_for or None,
            }
            for name, actor in run.actors.items()
        },
        "deadlock": _deadlock_fields(run),
        "trace": {name: _trace_fields(trace) for name, trace in run.trace.items()},
    }


def trace_text(traces: Mapping[str, Trace]) -> str:
    """The tokens of the recorded channels, a line each."""
    lines = []
    for name, trace in traces.items():
        lines.append(f"{name}: cycle put, cycle taken, value")
        for number, (value, put) in enumerate(zip(trace.values, trace.puts, strict=True)):
            taken = str(trace.gets[number]) if number < len(trace.gets) else "-"
            lines.append(f"{put:>8} {taken:>8}  {value}")
    return "\n".join(lines)


def check_writable(path: Path) -> None:
    """Refuses a file that cannot be written, before a run that may be long."""
    if path.is_dir():
        raise click.UsageError(f"cannot write {path}: it is a folder")
    if not path.parent.is_dir():
        raise click.UsageError(f"cannot write {path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise click.UsageError(f"cannot write {path}: nothing can be written into {path.parent}")


def check_timeline_file(path: Path) -> None:
    """Refuses a file that no timeline can be written to."""
    if path.suffix.lower() not in FORMATS:
        raise click.UsageError(f"cannot write {path}: a timeline is a {' or a '.join(FORMATS)} file")
    check_writable(path)


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Writes an `.npz` file, whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = Path(file.name)
            try:
                with zipfile.ZipFile(file, "w") as archive:
                    for name, array in arrays.items():
                        with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                            np.lib.format.write_array(entry, _storable(array), allow_pickle=False)
            except BaseException:
                temporary.unlink()
                raise
        os.replace(temporary, path)
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from error


def _storable(array: Array) -> Array:
    """Integers of more than 64 bits are kept as text."""
    return array.astype(np.str_) if array.dtype == np.object_ else array


def _place(label: Label) -> Fields:
    span = label.span
    return {"file": span.file, "line": span.line, "column": span.column, "label": label.text}


def _deadlock_fields(run: Run) -> Fields | None:
    deadlock = run.deadlock
    if deadlock is None:
        return None
    waits = [
        {
            "actor": wait.actor,
            "operation": "put" if wait.puts else "get",
            "channel": wait.channel,
            "fill": wait.fill,
            "depth": wait.depth,
            "partner": wait.partner,
            **_place(Label(wait.span)),
        }
        for wait in deadlock.waits
    ]
    return {
        "cycle": deadlock.cycle,
        "blocked": deadlock.blocked,
        "verdict": _verdict_fields(deadlock.verdict),
        "explanation": deadlock.explanation(),
        "waits": waits,
    }


def _verdict_fields(verdict: Verdict) -> Fields:
    match verdict:
        case PartnerFinished(channel=channel, partner=partner, puts=puts, gets=gets):
            return {"kind": "partner finished", "channel": channel, "partner": partner, "puts": puts, "gets": gets}
        case Hopeless(ended=ended):
            return {"kind": "no depth helps", "finished": ended or None}
        case Deeper(depths=depths, cycles=cycles, smallest=smallest):
            return {"kind": "too shallow", "depths": dict(depths), "cycles": cycles, "smallest": smallest}
        case Undecided(why=why):
            return {"kind": "undecided", "why": why}


def _trace_fields(trace: Trace) -> Fields:
    return {"values": list(trace.values), "puts": list(trace.puts), "gets": list(trace.gets)}


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case str():
            return value
        case float() if not math.isfinite(value):
            return str(value)
        case Iterable():
            return [_plain(item) for item in value]
    return value


def _placed_fields(report: AieReport) -> Fields:
    """The time of a placed design, and what takes it."""
    found = report.prediction
    return {
        "device": report.device,
        "seconds": report.seconds,
        "bottleneck": asdict(found.bottleneck) if found else None,
        "utilization": found.utilization if found else None,
        "tiles": [asdict(tile) for tile in report.tiles],
    }
