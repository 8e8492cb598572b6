"""The functions in C++ that a design is made of."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
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
from spatial.lower.hls.emit.process import ProcessText, Wanted, emit_process
from spatial.lower.hls.emit.sources import Source, symbols_of
from spatial.source.errors import ProgramError
from spatial.source.report import Problem

__all__ = ["Functions", "functions_of", "merged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """A process for each function of the program, by its name, but for those that are `idle`: they do nothing.

    Processes of functions that are `endless` run as tasks. For an actor with memory of its own `holders` has, by the
    actor's name, what is called in place of its process. A `caller` is the top function's own text.
    """

    processes: Mapping[str, ProcessText]
    idle: frozenset[str]
    endless: frozenset[str]
    holders: Mapping[str, ProcessText]
    caller: ProcessText | None = None

    @property
    def all(self) -> Collection[ProcessText]:
        """All of them, each behind what it calls."""
        return [*self.processes.values(), *self.holders.values()]

    @property
    def texts(self) -> Collection[ProcessText]:
        """All of them, and what calls them."""
        return [*self.all, *([self.caller] if self.caller else [])]

    @property
    def text(self) -> str:
        """Their definitions, with the helpers that they call."""
        helpers = {helper for process in self.texts for helper in process.helpers}
        given = [source.text for source in self.sources]
        return "\n".join(
            [*given, *([helper_text(helpers)] if helpers else []), *(each.definition for each in self.all)]
        )

    @property
    def sources(self) -> list[Source]:
        """The user's files in C++ that they call."""
        return sorted({source for process in self.texts for source in process.sources})

    @property
    def headers(self) -> list[str]:
        """The headers that this text needs."""
        helpers = {helper for process in self.texts for helper in process.helpers}
        headers = set(helper_headers(helpers)).union(*(process.headers for process in self.texts))
        return sorted({*headers, *(["<hls_task.h>"] if self.endless else [])})


def merged(parts: Iterable[Functions]) -> Functions:
    """The functions of several modules, which have different names."""
    found = list(parts)
    return Functions(
        processes={name: each for part in found for name, each in part.processes.items()},
        idle=frozenset().union(*(part.idle for part in found)),
        endless=frozenset().union(*(part.endless for part in found)),
        holders={name: each for part in found for name, each in part.holders.items()},
    )


def functions_of(
    module: ir.Module,
    graph: ActorGraph,
    device: Device,
    names: Names | None = None,
    local: Collection[str] = (),
) -> Functions:
    """The functions of a verified module in C++; raises `ProgramError` where one cannot be said in it.

    They get `names` that others do not have. Arrays that are `local` to who calls the region have all dimensions.
    """
    found = {function.name.value: function for function in kernels(module)}
    idle = frozenset(name for name, function in found.items() if _is_idle(function))
    endless = frozenset(name for name, function in found.items() if any(map(is_endless, function.entry_block)))
    used = {name: each for name, each in found.items() if name not in idle}
    names = names or Names()
    names.fresh(graph.name)
    for known in (*HELPERS, *(symbol for function in used.values() for symbol in symbols_of(function))):
        names.fresh(known)
    processes = _processes(graph, used, _named(used, names), device, local)
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
    graph: ActorGraph,
    functions: Mapping[str, func.FuncOp],
    names: Mapping[str, str],
    device: Device,
    local: Collection[str],
) -> dict[str, ProcessText]:
    loopback, problems, values, shaped = feedback(graph), list[Problem](), _values(graph), _positions(graph, local)
    processes = {}
    for name, function in functions.items():
        timings, found = schedule_function(function, loopback[name], device)
        problems += found
        if not found:
            wanted = Wanted(name=names[name], values=values.get(name, {}), shaped=shaped.get(name, frozenset()))
            processes[name] = emit_process(function, timings, wanted, device.operators)
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


def _positions(graph: ActorGraph, names: Collection[str]) -> dict[str, frozenset[int]]:
    """The parameters of functions that are bound to some arrays, by position."""
    found: dict[str, set[int]] = {}
    for actor in graph.actors:
        first = len(actor.values) + len(actor.channels)
        bound = {n for n, name in enumerate(actor.arrays, start=first) if name in names}
        found.setdefault(actor.function, set()).update(bound)
    return {name: frozenset(positions) for name, positions in found.items()}
