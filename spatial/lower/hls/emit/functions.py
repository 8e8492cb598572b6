"""The functions in C++ that a design is made of."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from spatial.analysis.feedback import feedback
from spatial.analysis.loops import is_endless
from spatial.analysis.pipeline import schedule_function
from spatial.device.model import Device
from spatial.ir.function import kernels, operations
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import func, ir
from spatial.lower.hls.emit.helpers import HELPERS, helper_headers, helper_text
from spatial.lower.hls.emit.holders import holders_of
from spatial.lower.hls.emit.names import LIBRARY, Names
from spatial.lower.hls.emit.process import ProcessText, emit_process
from spatial.lower.hls.emit.sources import Source, symbols_of
from spatial.source.errors import ProgramError
from spatial.source.report import Problem

__all__ = ["Functions", "functions_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """A process for each function of the program, by its name, but for those that are `idle`: they do nothing.

    Processes of functions that are `endless` run as tasks. For an actor with memory of its own `holders` has, by the
    actor's name, what is called in place of its process.
    """

    processes: Mapping[str, ProcessText]
    idle: frozenset[str]
    endless: frozenset[str]
    holders: Mapping[str, ProcessText]

    @property
    def all(self) -> Collection[ProcessText]:
        """All of them, each behind what it calls."""
        return [*self.processes.values(), *self.holders.values()]

    @property
    def text(self) -> str:
        """Their definitions, with the helpers that they call."""
        helpers = {helper for process in self.all for helper in process.helpers}
        given = [source.text for source in self.sources]
        return "\n".join(
            [*given, *([helper_text(helpers)] if helpers else []), *(each.definition for each in self.all)]
        )

    @property
    def sources(self) -> list[Source]:
        """The user's files in C++ that they call."""
        return sorted({source for process in self.all for source in process.sources})

    @property
    def headers(self) -> list[str]:
        """The headers that this text needs."""
        helpers = {helper for process in self.all for helper in process.helpers}
        headers = set(helper_headers(helpers)).union(*(process.headers for process in self.all))
        return sorted({*headers, *(["<hls_task.h>"] if self.endless else [])})


def functions_of(module: ir.Module, graph: ActorGraph, device: Device) -> Functions:
    """The functions of a verified module in C++; raises `ProgramError` where one cannot be said in it."""
    found = {function.name.value: function for function in kernels(module)}
    idle = frozenset(name for name, function in found.items() if _is_idle(function))
    endless = frozenset(name for name, function in found.items() if any(map(is_endless, function.entry_block)))
    used = {name: each for name, each in found.items() if name not in idle}
    names = Names()
    names.fresh(graph.name)
    for known in (*HELPERS, *(symbol for function in used.values() for symbol in symbols_of(function))):
        names.fresh(known)
    processes = _processes(graph, used, _named(used, names), device)
    return Functions(processes=processes, idle=idle, endless=endless, holders=holders_of(graph, processes, names))


def _named(functions: Mapping[str, func.FuncOp], names: Names) -> dict[str, str]:
    """What functions are called in C++: a kernel's only one as the kernel is."""
    kernel = {name: function.attributes["df.kernel"].value for name, function in functions.items()}
    alike = Counter(kernel.values())
    called = {name: kernel[name] if alike[kernel[name]] == 1 else name for name in functions}
    return {name: names.fresh(f"{word}_process" if word in LIBRARY else word) for name, word in called.items()}


def _is_idle(function: func.FuncOp) -> bool:
    return all(isinstance(op, func.ReturnOp) for op in operations(function.entry_block))


def _processes(
    graph: ActorGraph, functions: Mapping[str, func.FuncOp], names: Mapping[str, str], device: Device
) -> dict[str, ProcessText]:
    loopback, problems, values = feedback(graph), list[Problem](), _values(graph)
    processes = {}
    for name, function in functions.items():
        timings, found = schedule_function(function, loopback[name], device)
        problems += found
        if not found:
            processes[name] = emit_process(function, timings, names[name], values.get(name), device.operators)
    if problems:
        raise ProgramError(problems)
    return processes


def _values(graph: ActorGraph) -> dict[str, dict[int, list[int]]]:
    """What the actors of each function are given for its values, by their positions."""
    values: dict[str, dict[int, list[int]]] = {}
    for actor in graph.actors:
        known = values.setdefault(actor.function, {})
        for position, value in enumerate(actor.values):
            if isinstance(value, int):
                known.setdefault(position, []).append(value)
    return values
