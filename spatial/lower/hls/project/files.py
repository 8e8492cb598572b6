"""All files of an exported project, by their names."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spatial.device.operators import Resources
from spatial.device.parts import operator_table
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.emit.codec import file_bytes
from spatial.lower.hls.emit.top import Top
from spatial.lower.hls.project.bench import bench_text, csim_text, given_file, golden_file
from spatial.lower.hls.project.commands import STEPS, WORK, linking, unified
from spatial.lower.hls.project.description import description_text, port_rows
from spatial.lower.hls.project.model import Kernel, connections
from spatial.lower.hls.project.prediction import Prediction, prediction_text
from spatial.lower.hls.project.render import render
from spatial.types.dtype import DType, float32, float64
from spatial.types.tensor import element_of

__all__ = ["Exported", "project_files"]

CSIM_FLAGS = "-std=c++14 -O1 -ffp-contract=off -Wall -Wextra -Wno-unknown-pragmas -Wno-unused-label"
REALS: Mapping[DType, str] = {float32: "1e-5f", float64: "1e-12"}


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What is exported: the design in C++ (`sources` by name), what it was made from, the data of its test bench.

    `graph` is the user's program, `legal` the one that became C++; `data` are the files of the folder `data`.
    """

    kernel: Kernel
    top: Top
    sources: Mapping[str, str]
    graph: ActorGraph
    legal: ActorGraph
    prediction: Prediction
    data: Mapping[str, bytes]
    headers: Path


def project_files(exported: Exported) -> dict[str, bytes]:
    """The content of each file; the same for the same design, on every machine and at all times."""
    kernel, legal = exported.kernel, exported.legal
    texts = {
        **exported.sources,
        "tb.cpp": bench_text(legal, exported.top),
        "csim/csim.cpp": csim_text(exported.top),
        **{name: render(name, **_values(exported)) for name in ("hls_config.cfg", "run.tcl", "Makefile", "link.cfg")},
        "host.cpp": _host_text(kernel, legal),
        "predicted.json": prediction_text(exported.prediction),
        "description.json": description_text(kernel, exported.graph, legal),
        "data/manifest.json": _manifest(legal),
        "README.md": _readme(exported),
    }
    headers = {
        f"csim/{path.relative_to(exported.headers).as_posix()}": path.read_bytes()
        for path in sorted(exported.headers.rglob("*.h"))
    }
    data = {f"data/{name}": content for name, content in exported.data.items()}
    return {**{name: text.encode() for name, text in texts.items()}, **headers, **data}


def _values(exported: Exported) -> Mapping[str, object]:
    """What the settings are filled in with."""
    kernel = exported.kernel
    uncertainty = operator_table(kernel.part.family)["uncertainty"]
    assert isinstance(uncertainty, float)
    link = shlex.join(linking(kernel.top, "TARGET", "PLATFORM").words)
    commands = {step: shlex.join(unified(step).words) for step in STEPS}
    return {
        "region": exported.graph.name,
        "top": kernel.top,
        "part": kernel.part,
        "megahertz": f"{kernel.megahertz:g}",
        "hertz": round(kernel.megahertz * 1e6),
        "period": f"{kernel.period:.3f}",
        "uncertainty": f"{100 * uncertainty:g}",
        "work": WORK,
        "sources": " ".join(
            ["kernel.h", "kernel.cpp", "processes.h", *(["dataflow.h"] if exported.top.dataflow else [])]
        ),
        "dataflow": bool(exported.top.dataflow),
        "streams": kernel.streams,
        "connections": list(connections(kernel)),
        "csim_flags": CSIM_FLAGS,
        "commands": {**commands, "link": link.replace("TARGET", "$(TARGET)").replace("PLATFORM", "$(PLATFORM)")},
    }


def _readme(exported: Exported) -> str:
    resources = exported.prediction.resources
    return render(
        "README.md",
        **_values(exported),
        ports=port_rows(exported.kernel),
        prediction=exported.prediction,
        resources=_told(resources) if resources is not None else "",
    )


def _told(resources: Resources) -> str:
    counts = {"DSP": resources.dsp, "BRAM18": resources.bram18, "URAM": resources.uram}
    return ", ".join(f"{count} {name}" for name, count in {**counts, "LUT": resources.lut, "FF": resources.ff}.items())


def _manifest(graph: ActorGraph) -> str:
    """What each file of data holds."""
    files = [
        {
            "file": file,
            "parameter": parameter.name,
            "role": role,
            "type": str(element_of(parameter.type)),
            "shape": list(_shape(parameter)),
            "bytes": file_bytes(element_of(parameter.type)),
        }
        for parameter in graph.parameters
        for role, file in (("given", given_file(graph, parameter)), ("golden", golden_file(graph, parameter)))
        if file
    ]
    form = (
        "little-endian, each element in `bytes` bytes, filled up with the sign; of a stream for each channel the number"
        " of its tokens in 8 bytes, then they"
    )
    return json.dumps({"form": form, "files": files}, indent=2) + "\n"


def _shape(parameter: Parameter) -> tuple[int, ...]:
    shape = getattr(parameter.type, "shape", ())
    return (*parameter.shape, *shape) if parameter.stream else tuple(shape)


def _host_text(kernel: Kernel, graph: ActorGraph) -> str:
    parameters = {parameter.name: parameter for parameter in graph.parameters}
    files = {
        name: {"given": given_file(graph, parameter), "golden": golden_file(graph, parameter)}
        for name, parameter in parameters.items()
    }
    outputs = [each for each in kernel.arrays if files[each.name]["golden"]]
    return render(
        "host.cpp",
        top=kernel.top,
        arguments=kernel.arguments,
        files=files,
        outputs=outputs,
        reals={each.name: REALS[each.element] for each in outputs if each.element in REALS},
        bits=[each for each in outputs if each.element not in REALS],
    )
