"""`legal_program`: from any program to one that Vitis HLS can build, calls of dataflow functions included."""

from collections.abc import Iterator, Mapping

from spatial.device.model import Device
from spatial.ir.dialect import ByReferenceOp, context
from spatial.ir.external import is_dataflow
from spatial.ir.function import kernels, operations
from spatial.ir.graph import ActorGraph, actor_graph
from spatial.ir.location import location
from spatial.ir.mlir import func, ir
from spatial.ir.verify import verify
from spatial.lower.hls.calling.banks import settle_banks
from spatial.lower.hls.calling.caller import caller_program
from spatial.lower.hls.calling.groups import Group, Grouped, grouped
from spatial.lower.hls.calling.joining import joined
from spatial.lower.hls.calling.parts import Called, Part, Parts
from spatial.lower.hls.calling.region import group_region
from spatial.lower.hls.emit.names import LIBRARY
from spatial.lower.hls.emit.names import Names as Identifiers
from spatial.lower.hls.interfaces import Bram, Interface
from spatial.lower.hls.legalize.legal import Legal, Note
from spatial.lower.hls.legalize.legalize import legalize
from spatial.lower.hls.legalize.names import Names
from spatial.source.span import UNKNOWN

__all__ = ["legal_program"]

ON_CHIP = Bram()


def legal_program(module: ir.Module, device: Device, interfaces: Mapping[str, Interface], graph: ActorGraph) -> Legal:
    """What `legalize` makes of a program, or of each of its `parts` where one kernel starts all others.

    Raises `ProgramError` with everything that cannot be made so.
    """
    found = grouped(module, graph)
    if found is None:
        return legalize(module, device, interfaces, graph)
    with context(), location(UNKNOWN):
        return _of_parts(module, device, interfaces, graph, found)


def _of_parts(
    module: ir.Module, device: Device, interfaces: Mapping[str, Interface], graph: ActorGraph, found: Grouped
) -> Legal:
    """The parts, each made legal, and the program that they are together."""
    names, words = Names(graph), _words(graph, found)
    made = caller_program(module, graph, words)
    before = actor_graph(made)
    passed = _only_passed(made, before)
    ports = {name: ON_CHIP if name in passed else port for name, port in interfaces.items()}
    caller = legalize(made, device, ports, before, names)
    direct = set(passed) | {note.array for note in caller.notes if note.told == "direct"}
    (function,) = kernels(caller.module)
    called, notes, used = [], list(caller.notes), {caller.graph.actors[0].function}
    for group, word in zip(found.groups, words, strict=True):
        region = group_region(module, graph, group, names.new(f"{word}.region"), names, used)
        reached = {word: _reached(name, direct, interfaces) for name, word in group.parameters.items()}
        legal = legalize(region, device, reached, None, names)
        notes += [note for note in legal.notes if note.told != "direct"]
        called.append(_called(legal, group, word, reached))
        _tell_filled(function, called[-1], legal.notes)
    given = {(each.name, name): op.memory for each in called for name, op in _references(function, each)}
    settle_banks(function, tuple(called), given)
    parts = Parts(
        caller=Part(module=caller.module, graph=verify(caller.module), interfaces=interfaces), called=tuple(called)
    )
    whole, all_of_it = joined(parts, names)
    return Legal(module=whole, graph=all_of_it, notes=tuple(notes), parts=parts)


def _words(graph: ActorGraph, found: Grouped) -> list[str]:
    """What each group's function is called in C++."""
    names = Identifiers()
    names.fresh(graph.name)
    return [names.fresh(f"{group.name}_region" if group.name in LIBRARY else group.name) for group in found.groups]


def _only_passed(module: ir.Module, graph: ActorGraph) -> set[str]:
    """The arrays of a program that its one function only gives to others."""
    (actor,) = graph.actors
    function = next(each for each in kernels(module) if each.name.value == actor.function)
    first = len(actor.values) + len(actor.channels)
    return {
        name
        for name, argument in zip(actor.arrays, list(function.arguments)[first:], strict=True)
        if all(isinstance(use.owner, ByReferenceOp) for use in argument.uses)
    }


def _reached(name: str, direct: set[str], interfaces: Mapping[str, Interface]) -> Interface:
    """How a region reaches memory: as its caller does, which holds on chip what it does not pass on."""
    return interfaces[name] if name in direct and name in interfaces else ON_CHIP


def _called(legal: Legal, group: Group, word: str, reached: Mapping[str, Interface]) -> Called:
    return Called(
        module=legal.module,
        graph=legal.graph,
        interfaces=reached,
        name=word,
        path=group.path,
        local=frozenset(name for name, each in reached.items() if each is ON_CHIP),
    )


def _references(function: func.FuncOp, called: Called) -> Iterator[tuple[str, ByReferenceOp]]:
    """What a function gives those that it calls, each with the parameter that it is given for."""
    for op in operations(function.entry_block):
        if is_dataflow(op) and op.symbol.value == called.name:
            for value, parameter in zip(op.operands, called.graph.parameters, strict=True):
                yield parameter.name, value.owner.opview


def _tell_filled(function: func.FuncOp, called: Called, notes: tuple[Note, ...]) -> None:
    """Says of a call's arrays which of them it only writes, every element."""
    filled = {note.array for note in notes if note.filled}
    for name, reference in _references(function, called):
        if name in filled:
            reference.operation.attributes["direction"] = ir.StringAttr.get("out")
