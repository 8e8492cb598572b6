"""The top function of a program whose one kernel starts others: it calls dataflow functions, one after the other."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spatial.analysis.pipeline import schedule_function
from spatial.analysis.sharing import array_uses
from spatial.device.model import Device
from spatial.ir.function import kernels
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.calling.parts import Called, Part, Parts
from spatial.lower.hls.emit.body import NOT_INLINED
from spatial.lower.hls.emit.functions import Functions, functions_of, merged
from spatial.lower.hls.emit.holders import held_lines
from spatial.lower.hls.emit.lines import wrapped
from spatial.lower.hls.emit.names import Names, identifier
from spatial.lower.hls.emit.ports import port_pragmas
from spatial.lower.hls.emit.process import ProcessText, Wanted, emit_process
from spatial.lower.hls.emit.scope import Scope
from spatial.lower.hls.emit.top import NOTICE, UNUSED, DataflowFunction, Top, header_text, prototype
from spatial.lower.hls.emit.types import array_text, cpp_type
from spatial.lower.hls.emit.variables import split_name
from spatial.lower.hls.emit.wired import wired
from spatial.lower.hls.interfaces import Interface
from spatial.source.errors import ProgramError
from spatial.types.tensor import TensorType, element_of

__all__ = ["dataflow_file", "emit_sequential"]


def emit_sequential(
    parts: Parts, *, device: Device, interfaces: Mapping[str, Interface], depths: Mapping[str, int]
) -> tuple[Top, Functions]:
    """Emits the top function, and the functions of all processes; raises `ProgramError` as `functions_of` does."""
    names = Names()
    for called in parts.called:
        names.fresh(called.name)
    inside = [functions_of(each.module, each.graph, device, names, each.local) for each in parts.called]
    functions = merged(inside)
    words = [*(each.name for each in functions.all), *(each.name for each in parts.called)]
    dataflow = [
        _dataflow_function(called, each, words, device, depths)
        for called, each in zip(parts.called, inside, strict=True)
    ]
    graph = parts.caller.graph
    scope = Scope(words, graph.name, [each.name for each in graph.parameters])
    body = _caller(parts.caller, scope, device)
    used = set(re.findall(r"\w+", "\n".join(body.body)))
    head = prototype(graph, interfaces, scope, used=used)
    lines = [NOTICE.format(name=graph.name), '#include "dataflow.h"', "", *body.remark.splitlines(), f"{head} {{"]
    lines += [*port_pragmas(graph, interfaces, scope), "", *body.body, "}", ""]
    functions = replace(functions, caller=body)
    top = Top(
        name=scope.top,
        header=header_text(graph, prototype(graph, interfaces, scope), functions),
        source="\n".join(lines),
        streams=(),
        parameters=scope.parameters,
        processes=(),
        tasks=(),
        feedback=False,
        dataflow=tuple(dataflow),
    )
    return top, functions


def dataflow_file(name: str, functions: tuple[DataflowFunction, ...]) -> str:
    """The text of `dataflow.h`."""
    guard = f"{identifier(name).upper()}_DATAFLOW_H"
    head = (
        f'{NOTICE.format(name=name)}\n#ifndef {guard}\n#define {guard}\n\n#include "kernel.h"\n#include "processes.h"\n'
    )
    return "\n".join([head, *(each.text for each in functions), f"#endif  // {guard}\n"])


def _dataflow_function(
    called: Called, functions: Functions, words: Sequence[str], device: Device, depths: Mapping[str, int]
) -> DataflowFunction:
    """What a call starts, as a function of its own."""
    graph, depths = _shortened(called, depths)
    uses = array_uses(graph)
    others = [word for word in words if word != called.name]
    scope = Scope(others, called.name, [each.name for each in graph.parameters])
    inside = wired(graph, functions, scope, device=device, depths=depths)
    used = set(re.findall(r"\w+", "\n".join(inside.calls)))
    texts = []
    for parameter, name in zip(graph.parameters, scope.parameters.values(), strict=True):
        text = f"{cpp_type(element_of(parameter.type))} {name}"
        if isinstance(parameter.type, TensorType):
            constant = "" if uses[parameter.name].writers else "const "
            local = parameter.name in called.local
            text = constant + (array_text(parameter.type, name, flat=False) if local else text.replace(" ", " *"))
        texts.append(text if name in used else f"{UNUSED} {text}")
    head = wrapped(f"static void {called.name}(", texts, ") {")
    return DataflowFunction(
        name=called.name,
        text="\n".join([*head, NOT_INLINED, *inside.lines, "}", ""]),
        streams=inside.streams,
        processes=inside.processes,
    )


def _shortened(called: Called, depths: Mapping[str, int]) -> tuple[ActorGraph, dict[str, int]]:
    """The graph without what tells in the names of channels which call they belong to, and their depths."""
    graph = called.graph
    prefixes = (f"{called.path}.", f"{split_name(called.path, ())[0]}.")

    def short(name: str) -> str:
        return name.removeprefix(prefixes[0]).removeprefix(prefixes[1])

    channels = [replace(each, name=short(each.name), stream=short(each.stream)) for each in graph.channels]
    actors = [replace(each, channels=tuple(map(short, each.channels))) for each in graph.actors]
    found = {short(each.name): depths[each.name] for each in graph.channels}
    if len(found) < len(channels):
        return graph, dict(depths)
    return replace(graph, channels=tuple(channels), actors=tuple(actors)), found


def _caller(part: Part, scope: Scope, device: Device) -> ProcessText:
    """What the top function does, behind the memory that it holds."""
    graph = part.graph
    (actor,) = graph.actors
    function = next(each for each in kernels(part.module) if each.name.value == actor.function)
    timings, problems = schedule_function(function, frozenset(), device)
    if problems:
        raise ProgramError(problems)
    bound = [*actor.channels, *actor.arrays]
    names = {n: scope.parameters[name] for n, name in enumerate(bound) if name in scope.parameters}
    wanted = Wanted(name=scope.top, names=names)
    made = emit_process(function, timings, wanted, device.operators)
    memories, helpers = {memory.name: memory for memory in graph.memories}, set(made.helpers)
    held = [
        line
        for parameter in made.parameters
        if (memory := memories.get(bound[parameter.position])) is not None
        for line in held_lines(parameter.name, memory, helpers)
    ]
    body = [line for line in made.body if line != NOT_INLINED]
    return replace(made, body=(*held, *body), helpers=tuple(sorted(helpers)))
