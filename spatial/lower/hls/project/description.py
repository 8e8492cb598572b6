"""What a design is, as `description.json` holds it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from spatial.ir.graph import ActorGraph
from spatial.lower.hls.interfaces import Axis, Bram, Interface, MAxi, SAxilite
from spatial.lower.hls.project.model import Argument, Kernel, connections

__all__ = ["description_text", "port_of", "port_rows", "type_of", "unlinkable"]

Row = dict[str, str]
PORTS: Mapping[type[Interface], str] = {MAxi: "m_axi", Axis: "axis", SAxilite: "s_axilite", Bram: "bram"}


def description_text(kernel: Kernel, graph: ActorGraph, legal: ActorGraph) -> str:
    """The text of `description.json`; `graph` is the user's program, `legal` that which became C++."""
    fields = {
        "region": graph.name,
        "top": kernel.top,
        "device": {
            "part": kernel.part.name,
            "number": kernel.part.number,
            "platform": kernel.part.platform,
            "megahertz": kernel.megahertz,
        },
        "unlinkable": unlinkable(kernel),
        "parameters": [_parameter(argument, dict(connections(kernel))) for argument in kernel.arguments],
        "kernels": _kernels(graph),
        "processes": [
            {"function": name, "kernel": body.kernel, "actors": [a.name for a in legal.actors if a.function == name]}
            for name, body in legal.specializations.items()
        ],
        "channels": [
            {"name": each.name, "type": str(each.element), "depth": each.depth}
            for each in legal.channels
            if not each.role
        ],
        "sources": _sources(graph),
    }
    return json.dumps(fields, indent=2) + "\n"


def port_rows(kernel: Kernel) -> Sequence[Row]:
    """What is told of each parameter."""
    banks = dict(connections(kernel))
    return [
        {
            "name": each.name,
            "type": type_of(each),
            "direction": each.direction,
            "port": port_of(each.interface),
            "bank": banks.get(each.name, ""),
        }
        for each in kernel.arguments
    ]


def port_of(interface: Interface) -> str:
    """The kind of a port, with its bundle where it has one."""
    bundle = interface.bundle if isinstance(interface, MAxi | SAxilite) else ""
    return f"{PORTS[type(interface)]} {bundle}".rstrip()


def type_of(argument: Argument) -> str:
    """A type as the user writes it."""
    extents = ", ".join(map(str, argument.shape))
    return f"{argument.element}[{extents}]" if extents else str(argument.element)


def unlinkable(kernel: Kernel) -> str:
    """Why the kernel cannot be linked by itself; empty where it can."""
    if kernel.streams:
        names = ", ".join(f"`{each.name}`" for each in kernel.streams)
        return f"another kernel feeds, or takes from, the stream {names}"
    wires = [each.name for each in kernel.arrays if isinstance(each.interface, Bram)]
    return f"the ports of `{wires[0]}` are the wires of a memory" if wires else ""


def _parameter(argument: Argument, banks: Mapping[str, str]) -> Mapping[str, object]:
    options = {name: value for name, value in asdict(argument.interface).items() if name != "span"}
    return {
        "name": argument.name,
        "kind": argument.kind,
        "direction": argument.direction,
        "type": str(argument.element),
        "shape": list(argument.shape),
        "interface": {"mode": PORTS[type(argument.interface)], **options},
        "bank": banks.get(argument.name),
    }


def _kernels(graph: ActorGraph) -> list[Mapping[str, object]]:
    """The user's kernels with their lines."""
    found: dict[str, dict[str, object]] = {}
    for actor in graph.actors:
        place = {"file": Path(actor.span.file).name, "line": actor.span.line}
        kernel = found.setdefault(actor.kernel, {"name": actor.kernel, **place, "actors": 0})
        kernel["actors"] = int(str(kernel["actors"])) + 1
    return list(found.values())


def _sources(graph: ActorGraph) -> list[str]:
    """The files that the region is written in, by their names."""
    return sorted({Path(actor.span.file).name for actor in graph.actors})
