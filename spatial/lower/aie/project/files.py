"""The files of an exported design, by their names in its folder."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from spatial.ir.graph import ActorGraph
from spatial.lower.aie.design import Kind, Mapped, Placement
from spatial.lower.aie.emit.design import Design
from spatial.lower.aie.emit.names import Names
from spatial.lower.aie.project.kernels import kernel_files, kernels_of
from spatial.lower.aie.project.render import render
from spatial.lower.aie.project.scalars import FLOATS, Values, scalars_of
from spatial.types.dtype import is_float
from spatial.types.tensor import TensorType, element_of, shape_of, size_of

__all__ = ["project_files"]

TARGETS = {"aie2": "aie2", "aie2p": "aie2p"}


def project_files(design: Design, mapped: Mapped, placement: Placement, kept: Sequence[str]) -> dict[str, bytes]:
    """All files; raises `ToolError` where a file of the user's cannot be read.

    `kept` is what a call leaves on the array that the next one must not find: it is loaded anew for each call then.
    """
    values: Values = {
        "name": design.name,
        "device": design.npu.title,
        "target": TARGETS.get(design.npu.generation, design.npu.generation),
        "kernels": kernels_of(design.functions),
        "arrays": list(_arrays(design, mapped)),
        "scalars": scalars_of(design, mapped),
        "kept": list(kept),
        "lasting": next((memory.name for memory in mapped.graph.memories if memory.stateful), "") if kept else "",
        "cores": sum(node.kind is Kind.CORE for node in mapped.nodes),
        "fifos": len(mapped.fifos),
    }
    texts = {name: render(name, **values) for name in ("Makefile", "host.cpp", "run.py", "README.md")}
    texts |= {"aie.mlir": design.code, "aie_generic.mlir": design.generic}
    texts["description.json"] = _description(design, mapped, placement, kept)
    return {name: text.encode() for name, text in texts.items()} | kernel_files(design.functions)


def _arrays(design: Design, mapped: Mapped) -> Iterator[Values]:
    """What the templates say of each array, in the order in which the host hands them over."""
    names = Names()
    type_of = {array.name: array.type for array in mapped.graph.arrays}
    tokens = {parameter.name: parameter.type for parameter in mapped.graph.parameters if parameter.stream}
    inward, written = _directions(mapped)
    for name, size in design.arrays.items():
        storage = design.stores.arrays[name]
        whole = f"{'' if storage.signed else 'u'}int{8 * storage.bytes}_t"
        if name in tokens:
            count = size // storage.bytes // size_of(tokens[name])
            type_of[name] = TensorType(element_of(tokens[name]), (count, *shape_of(tokens[name])))
        yield {
            "name": name,
            "symbol": names.of(name, f"array_{name}"),
            "type": str(type_of[name]),
            "shape": type_of[name].shape,
            "bytes": size,
            "size": storage.bytes,
            "signed": storage.signed and not is_float(storage.dtype),
            "element": whole if storage.widened else FLOATS.get(str(storage.dtype), whole),
            "given": name in inward,
            "written": name in written,
        }


def _directions(mapped: Mapped) -> tuple[set[str], set[str]]:
    """The arrays that are read, and those that are written."""
    inward: set[str] = set()
    written: set[str] = set()
    for transfer in mapped.transfers:
        feeds = mapped.node[mapped.fifo[transfer.fifo].producer.node].kind is Kind.SHIM
        (inward if feeds else written).add(transfer.array)
    return inward, written


def _description(design: Design, mapped: Mapped, placement: Placement, kept: Sequence[str]) -> str:
    graph: ActorGraph = mapped.graph
    types = {scalar.name: scalar.type for scalar in graph.scalars}
    fields = {
        "program": graph.name,
        "device": design.npu.name,
        "tiles": [
            {"node": node.name, "kind": node.kind.value, "actor": node.actor, "tile": placement.tiles[node.name]}
            for node in mapped.nodes
        ],
        "fifos": [
            {
                "name": fifo.name,
                "type": str(fifo.element),
                "shape": fifo.shape,
                "producer": asdict(fifo.producer),
                "consumers": [asdict(end) for end in fifo.consumers],
                "channels": fifo.channels,
                "shared": fifo.name in placement.memory_of,
            }
            for fifo in mapped.fifos
        ],
        "links": [asdict(link) for link in mapped.links],
        "transfers": [asdict(transfer) for transfer in mapped.transfers],
        "parameters": {name: {"type": str(types[name]), "words": words} for name, words in design.scalars.items()},
        "loaded_anew_because": list(kept),
        "placement": {"cost": placement.cost, "bound": placement.bound, "proven": placement.proven},
    }
    return json.dumps(fields, indent=2) + "\n"
