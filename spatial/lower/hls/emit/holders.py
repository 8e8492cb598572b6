"""Functions that hold the memory of an actor and run its process on it."""

from collections.abc import Mapping
from dataclasses import replace

from spatial.ir.graph import Actor, ActorGraph, Memory
from spatial.lower.hls.emit.memory import storage_pragma
from spatial.lower.hls.emit.names import Names
from spatial.lower.hls.emit.process import ProcessText
from spatial.lower.hls.emit.tables import stored_value
from spatial.lower.hls.emit.types import cpp_type
from spatial.types.dtype import Fixed, is_float
from spatial.types.tensor import element_of, size_of

__all__ = ["held_lines", "held_memories", "holders_of"]

INDENT = "    "


def held_memories(actor: Actor, memories: Mapping[str, Memory]) -> tuple[str, ...]:
    """The module's own memories that an actor is given."""
    return tuple(name for name in actor.arrays if name in memories)


def holders_of(graph: ActorGraph, processes: Mapping[str, ProcessText], names: Names) -> dict[str, ProcessText]:
    """For each actor with memory of the module's own, by its name, the function that holds it and calls the process.

    What is stateful is static there, so that it lasts from call to call; the rest begins anew.
    """
    memories = {memory.name: memory for memory in graph.memories}
    return {
        actor.name: _holder(actor, memories, processes[actor.function], names)
        for actor in graph.actors
        if held_memories(actor, memories)
    }


def _holder(actor: Actor, memories: Mapping[str, Memory], process: ProcessText, names: Names) -> ProcessText:
    """The function of one actor."""
    first = len(actor.values) + len(actor.channels)
    bound = {first + number: memories[name] for number, name in enumerate(actor.arrays) if name in memories}
    held = [
        (parameter.name, bound[parameter.position]) for parameter in process.parameters if parameter.position in bound
    ]
    helpers = set(process.helpers)
    body = [line for name, memory in held for line in held_lines(name, memory, helpers)]
    call = f"{INDENT}{process.name}({', '.join(parameter.name for parameter in process.parameters)});"
    return replace(
        process,
        name=names.fresh(actor.name),
        parameters=tuple(parameter for parameter in process.parameters if parameter.position not in bound),
        body=("#pragma HLS inline off", *body, call),
        helpers=tuple(sorted(helpers)),
    )


def held_lines(name: str, memory: Memory, helpers: set[str]) -> list[str]:
    """A local variable with its first values."""
    element, count = element_of(memory.type), size_of(memory.type)
    static = "static " if memory.stateful else ""
    head = f"{INDENT}{static}{cpp_type(element)} {name}"
    told = is_float(element) or isinstance(element, Fixed)
    values = [stored_value(value, element, helpers) if told else _literal(value) for value in memory.values]
    if memory.type is element:
        return [f"{head} = {values[0]};"]
    bound = [storage_pragma(name, memory.storage)] if memory.storage else []
    if len(set(values)) == 1 and not memory.stateful:
        return [f"{head}[{count}];", *bound, f"{INDENT}for (int n = 0; n < {count}; n++) {name}[n] = {values[0]};"]
    return [f"{head}[{count}] = {{{', '.join(values)}}};", *bound]


def _literal(value: float) -> str:
    if not isinstance(value, int) or -(1 << 31) < value < 1 << 31:
        return repr(value)
    return f"{value}LL" if -(1 << 63) < value < 1 << 63 else f'"{value}"'
