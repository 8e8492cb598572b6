"""What a dataflow function holds: its streams, and the calls of its processes."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spatial.device.model import Device, Storage
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.emit.calls import Call, calls_of
from spatial.lower.hls.emit.functions import Functions
from spatial.lower.hls.emit.nests import call_lines
from spatial.lower.hls.emit.process import ProcessText
from spatial.lower.hls.emit.scope import Scope
from spatial.lower.hls.emit.types import token_type
from spatial.lower.hls.emit.variables import Place, StreamVariable, stream_variables

__all__ = ["Wired", "wired"]

INDENT = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """What a dataflow function `declares` and `calls`; `streams` are its variables in the order of their declarations.

    `processes` are functions that it calls, `tasks` those that it gives to an `hls::task`. With `feedback` its
    processes feed each other in a cycle, so that no order of calls has all producers first.
    """

    declares: tuple[str, ...]
    calls: tuple[str, ...]
    streams: tuple[StreamVariable, ...]
    processes: tuple[str, ...]
    tasks: tuple[str, ...]
    feedback: bool

    @property
    def lines(self) -> tuple[str, ...]:
        """All of its body."""
        return self.declares + self.calls


def wired(graph: ActorGraph, functions: Functions, scope: Scope, *, device: Device, depths: Mapping[str, int]) -> Wired:
    """Wires the processes of a region; takes time linear in the number of actors and channels."""
    variables, places = stream_variables(graph, depths, scope, _wholes(graph, functions))
    places |= {memory.name: Place(variable=memory.name, indices=()) for memory in graph.memories}
    places |= {name: Place(variable=text, indices=()) for name, text in scope.parameters.items() if name not in places}
    calls, feedback = calls_of(graph, places, functions.idle)
    streams = tuple(_lasting(variables, graph, places, functions.endless))
    lines = ["#pragma HLS dataflow", *([""] if streams else [])]
    for variable in streams:
        lines += _declaration(variable, device)
    tasks, started = _called(calls, functions)
    return Wired(
        declares=tuple(lines),
        calls=tuple(_calls(calls, graph, scope, functions)),
        streams=streams,
        processes=started,
        tasks=tasks,
        feedback=feedback,
    )


def _wholes(graph: ActorGraph, functions: Functions) -> dict[str, tuple[str, int]]:
    """The channels of arrays of streams that an actor is given as one."""
    found = {}
    for actor in graph.actors:
        process = functions.processes.get(actor.function)
        for parameter in process.parameters if process else ():
            if parameter.kind == "streams":
                first = parameter.position - len(actor.values)
                for name in actor.channels[first : first + math.prod(parameter.extents)]:
                    found[name] = (f"{actor.name} {parameter.name}", len(parameter.extents))
    return found


def _lasting(
    variables: Sequence[StreamVariable], graph: ActorGraph, places: Mapping[str, Place], endless: Collection[str]
) -> Iterator[StreamVariable]:
    """The streams that are no ports; those that tasks use outlive a call."""
    used = {places[name].variable for actor in graph.actors if actor.function in endless for name in actor.channels}
    for variable in variables:
        if not variable.port:
            yield replace(variable, lasting=variable.name in used)


def _called(calls: Sequence[Call], functions: Functions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The functions that tasks run and those that end, each once."""
    names = {_process(call, functions).name: call.calls.function in functions.endless for call in calls}
    tasks = tuple(name for name, endless in names.items() if endless)
    return tasks, tuple(name for name, endless in names.items() if not endless)


def _process(call: Call, functions: Functions) -> ProcessText:
    """What is called."""
    return functions.holders.get(call.calls.actors[0], functions.processes[call.calls.function])


def _declaration(variable: StreamVariable, device: Device) -> Iterator[str]:
    """A stream or an array of them, with its depth and what it is built from."""
    extents = "".join(f"[{extent}]" for extent in variable.shape)
    timing = device.fifo(variable.depth, variable.element.bits, variable.storage)
    storage = "srl" if timing.storage is Storage.REGISTER else "bram"
    lasting = "hls_thread_local " if variable.lasting else ""
    yield f"{INDENT}{lasting}hls::stream<{token_type(variable.element)}> {variable.name}{extents};"
    yield f"#pragma HLS stream variable={variable.name} depth={variable.depth}"
    yield f"#pragma HLS bind_storage variable={variable.name} type=fifo impl={storage}"


def _calls(calls: Sequence[Call], graph: ActorGraph, scope: Scope, functions: Functions) -> Iterator[str]:
    """The calls with their loops; those in no loop stand together."""
    together = False
    for call in calls:
        process = _process(call, functions)
        task = scope.fresh(f"{process.name}_task") if call.calls.function in functions.endless else ""
        alone = not call.calls.nest and not task
        if not (alone and together):
            yield ""
        yield from call_lines(call, graph.specializations[call.calls.function], process, scope.taken, task)
        together = alone
