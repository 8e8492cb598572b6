"""A region as C++ for Vitis HLS: the files that every project of it has."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.analysis.sharing import array_uses
from spatial.device.model import Device
from spatial.ir.dialect import context
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.lower.hls.calling.parts import Parts
from spatial.lower.hls.emit.csim import csim_text
from spatial.lower.hls.emit.functions import Functions, functions_of
from spatial.lower.hls.emit.names import identifier
from spatial.lower.hls.emit.sequential import dataflow_file, emit_sequential
from spatial.lower.hls.emit.sources import source_files
from spatial.lower.hls.emit.top import NOTICE, Top, emit_top
from spatial.lower.hls.interfaces import Interface

__all__ = ["Design", "emit_design"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A design in C++: `files` are its texts by their names in a project; `csim` is what runs them.

    `written` are the arrays that it writes.
    """

    top: Top
    functions: Functions
    files: Mapping[str, str]
    csim: str
    written: frozenset[str]

    @property
    def code(self) -> str:
        """All that Vitis HLS is given, one file after the other."""
        return "\n".join(self.files.values())


def emit_design(
    module: ir.Module,
    graph: ActorGraph,
    *,
    device: Device,
    interfaces: Mapping[str, Interface],
    depths: Mapping[str, int],
    parts: Parts | None = None,
) -> Design:
    """Emits a verified module that is legal for Vitis HLS, or that has legal `parts`.

    Raises `ProgramError` where it cannot be said in C++.
    """
    with context():
        if parts is None:
            functions = functions_of(module, graph, device)
            top = emit_top(graph, functions, device=device, interfaces=interfaces, depths=depths)
        else:
            top, functions = emit_sequential(parts, device=device, interfaces=interfaces, depths=depths)
    written = frozenset(name for name, use in array_uses(graph).items() if use.writers)
    files = {"kernel.h": top.header, "processes.h": _processes_text(graph.name, functions)}
    if top.dataflow:
        files["dataflow.h"] = dataflow_file(graph.name, top.dataflow)
    files["kernel.cpp"] = top.source
    for source in functions.sources:
        files |= source_files(source)
    csim = csim_text(graph, top, written)
    return Design(top=top, functions=functions, files=files, csim=csim, written=written)


def _processes_text(name: str, functions: Functions) -> str:
    """The text of `processes.h`."""
    guard = f"{identifier(name).upper()}_PROCESSES_H"
    head = f'{NOTICE.format(name=name)}\n#ifndef {guard}\n#define {guard}\n\n#include "kernel.h"\n'
    return "\n".join([head, functions.text, f"#endif  // {guard}\n"])
