"""`legal_parts`: from a caller and what it calls to parts that Vitis HLS can build."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spatial.device.model import Device
from spatial.ir.dialect import ByReferenceOp, context
from spatial.ir.function import kernels
from spatial.ir.location import location
from spatial.ir.mlir import func, ir
from spatial.ir.verify import verify
from spatial.lower.hls.calling.banks import settle_banks
from spatial.lower.hls.calling.giving import give_before, references
from spatial.lower.hls.calling.joining import joined
from spatial.lower.hls.calling.parts import Called, Part, Parts
from spatial.lower.hls.calling.region import with_before
from spatial.lower.hls.calling.separating import Separated
from spatial.lower.hls.interfaces import Bram, Interface
from spatial.lower.hls.legalize.legal import Legal, Note
from spatial.lower.hls.legalize.legalize import legalize
from spatial.lower.hls.legalize.names import Names
from spatial.source.span import UNKNOWN

__all__ = ["legal_parts"]

ON_CHIP = Bram()


def legal_parts(separated: Separated, device: Device, interfaces: Mapping[str, Interface]) -> Legal:
    """The parts of a program, each as `legalize` makes it, and the program that they are together.

    An array of the program that the caller only gives on is reached through its port by those who are given it; the
    caller has a copy of any other, unless it is too large. Raises `ProgramError` as `legalize` does.
    """
    with context(), location(UNKNOWN):
        before, names = separated.parts.caller, separated.names
        passed = _only_passed(before)
        ports = {name: ON_CHIP if name in passed else port for name, port in interfaces.items()}
        caller = legalize(before.module, device, ports, before.graph, names)
        there = passed | {note.array for note in caller.notes if note.told == "direct"}
        direct = {name: port for name, port in interfaces.items() if name in there}
        notes = list(caller.notes)
        called = []
        for each in separated.parts.called:
            made, told, twice = _legal(each, device, direct, names)
            called.append(made)
            notes += told
            _tell_filled(caller.module, made, told)
            give_before(_function(caller.module), made, twice)
        settle_banks(_function(caller.module), called, _given(caller.module, called))
        outside = Part(module=caller.module, graph=verify(caller.module), interfaces=interfaces)
        parts = Parts(caller=outside, called=tuple(called))
        module, graph = joined(parts, names)
    return Legal(module=module, graph=graph, notes=tuple(notes), parts=parts)


def _only_passed(part: Part) -> set[str]:
    """The arrays of a program that its one function only gives to others."""
    (actor,), function = part.graph.actors, _function(part.module)
    first = len(actor.values) + len(actor.channels)
    return {
        name
        for name, argument in zip(actor.arrays, list(function.arguments)[first:], strict=True)
        if all(isinstance(use.owner, ByReferenceOp) for use in argument.uses)
    }


def _function(module: ir.Module) -> func.FuncOp:
    """The caller's function."""
    (function,) = kernels(module)
    return function


def _legal(
    called: Called, device: Device, direct: Mapping[str, Interface], names: Names
) -> tuple[Called, list[Note], dict[str, str]]:
    """What is called, made legal: it reaches memory `direct`ly, or has it from its caller, who holds it on chip.

    Arrays that it both reads and writes it is given twice, by the names of their parameters, so that what loads them
    does not wait for what stores them.
    """
    words = [parameter.name for parameter in called.graph.parameters]
    reached = {word: direct.get(name, ON_CHIP) for name, word in zip(called.given, words, strict=True)}
    attempt = names.tried()
    legal = legalize(called.module, device, reached, called.graph, attempt)
    moved = [note.array for note in legal.notes if note.moved]
    module, before = with_before(called.module, called.graph, moved)
    if moved:
        reached |= {other: reached[name] for name, other in before.items()}
        attempt = names.tried()
        legal = legalize(module, device, reached, None, attempt, before)
    names.taken = attempt.taken
    local = frozenset(word for word, each in reached.items() if each is ON_CHIP)
    made = replace(called, module=legal.module, graph=legal.graph, interfaces=reached, local=local)
    return made, list(legal.notes), before


def _given(module: ir.Module, called: Sequence[Called]) -> dict[tuple[str, str], ir.Value]:
    """The memory of the caller by the names of what is called and of the parameter that it is given for."""
    function = _function(module)
    return {(each.name, name): op.memory for each in called for name, op in references(function, each)}


def _tell_filled(module: ir.Module, called: Called, notes: Sequence[Note]) -> None:
    """Says of a call's arrays which of them it only writes, every element."""
    filled = {note.array for note in notes if note.filled}
    for name, reference in references(_function(module), called):
        if name in filled:
            reference.operation.attributes["direction"] = ir.StringAttr.get("out")
