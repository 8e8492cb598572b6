"""A region as C++ for Vitis HLS: the files that every project of it has."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from spatial.analysis.feedback import feedback
from spatial.analysis.pipeline import schedule_function
from spatial.analysis.sharing import array_uses
from spatial.device.model import Device
from spatial.ir.dialect import context
from spatial.ir.function import kernels, operations
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import func, ir
from spatial.lower.hls.emit.csim import csim_text
from spatial.lower.hls.emit.helpers import helper_headers, helper_text
from spatial.lower.hls.emit.names import identifier
from spatial.lower.hls.emit.process import ProcessText, emit_process
from spatial.lower.hls.emit.top import NOTICE, Top, emit_top
from spatial.lower.hls.interfaces import Interface
from spatial.source.errors import ProgramError
from spatial.source.report import Problem

__all__ = ["Design", "emit_design"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A design in C++: `files` are its texts by their names in a project; `csim` is what runs them.

    `written` are the arrays that it writes.
    """

    top: Top
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
) -> Design:
    """Emits a verified module that is legal for Vitis HLS; raises `ProgramError` where it cannot be said in C++."""
    with context():
        functions = {function.name.value: function for function in kernels(module)}
        idle = frozenset(name for name, function in functions.items() if _is_idle(function))
        processes = _processes(graph, {name: each for name, each in functions.items() if name not in idle}, device)
        top = emit_top(graph, device=device, interfaces=interfaces, depths=depths, processes=processes, idle=idle)
    written = frozenset(name for name, use in array_uses(graph).items() if use.writers)
    files = {
        "kernel.h": top.header,
        "processes.h": _processes_text(graph.name, processes.values()),
        "kernel.cpp": top.source,
    }
    return Design(top=top, files=files, csim=csim_text(graph, top, written), written=written)


def _is_idle(function: func.FuncOp) -> bool:
    """Whether a function does nothing."""
    return all(isinstance(op, func.ReturnOp) for op in operations(function.entry_block))


def _processes(graph: ActorGraph, functions: Mapping[str, func.FuncOp], device: Device) -> dict[str, ProcessText]:
    """The functions in C++."""
    loopback, problems = feedback(graph), list[Problem]()
    processes = {}
    for name, function in functions.items():
        timings, found = schedule_function(function, loopback[name], device)
        problems += found
        if not found:
            processes[name] = emit_process(function, timings)
    if problems:
        raise ProgramError(problems)
    return processes


def _processes_text(name: str, processes: Collection[ProcessText]) -> str:
    """The text of `processes.h`."""
    guard = f"{identifier(name).upper()}_PROCESSES_H"
    helpers = {helper for process in processes for helper in process.helpers}
    includes = [f"#include <{header}>\n" for header in helper_headers(helpers)]
    return "\n".join(
        [
            f'{NOTICE.format(name=name)}\n#ifndef {guard}\n#define {guard}\n\n{"".join(includes)}#include "kernel.h"\n',
            *([helper_text(helpers)] if helpers else []),
            *(process.definition for process in processes),
            f"#endif  // {guard}\n",
        ]
    )
