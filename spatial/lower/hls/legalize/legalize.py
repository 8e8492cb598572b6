"""`legalize`: from any program to one that obeys the rules of Vitis dataflow."""

from collections.abc import Mapping

from spatial.device.model import Device
from spatial.ir.dialect import context
from spatial.ir.graph import ActorGraph
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.ir.text import parse, print_module
from spatial.ir.verify import verify
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.legalize.boxes import box_size
from spatial.lower.hls.legalize.chains import Added, Ends, Site, add_chains
from spatial.lower.hls.legalize.changes import Change, Write
from spatial.lower.hls.legalize.legal import Legal, Note
from spatial.lower.hls.legalize.plan import Plan, plan_of, program_of
from spatial.lower.hls.legalize.wiring import wire
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import UNKNOWN

__all__ = ["legalize"]


def legalize(module: ir.Module, device: Device, interfaces: Mapping[str, Interface] | None = None) -> Legal:
    """A module that does the same, in which each array belongs to one actor; the given one is untouched.

    Each parameter that is an array, or a stream, is used by one actor then. Raises `ProgramError` with everything that
    cannot be made so.
    """
    with context(), location(UNKNOWN):
        made = parse(print_module(module, locations=True))
        graph = verify(made)
        plans = plans_of(made, graph, interfaces or {})
        return applied(made, graph, plans)


def plans_of(module: ir.Module, graph: ActorGraph, interfaces: Mapping[str, Interface]) -> list[Plan]:
    """What becomes of each array; raises `ProgramError` with all problems."""
    program = program_of(module, graph)
    plans: list[Plan] = []
    problems: list[Problem] = []
    for array in graph.arrays:
        found = plan_of(program, array, interfaces.get(array.name))
        if isinstance(found, Plan):
            plans.append(found)
        else:
            problems += found
    if problems:
        raise ProgramError(problems)
    return plans


def applied(module: ir.Module, graph: ActorGraph, plans: list[Plan]) -> Legal:
    """The module with all plans carried out."""
    site = Site(module, graph)
    ends: Ends = {}
    added = {plan.array.name: add_chains(site, graph, plan, ends) for plan in plans if plan.loads or plan.stores}
    changes: dict[str, list[Change]] = {actor.name: [] for actor in graph.actors}
    for plan in plans:
        for actor, change in plan.changes.items():
            if not change.direct:
                changes[actor].append(change)
    wire(site, graph, changes, ends)
    notes = tuple(note_of(plan, added.get(plan.array.name, Added())) for plan in plans)
    return Legal(module=module, graph=verify(module), notes=notes)


def note_of(plan: Plan, added: Added) -> Note:
    """What is told about an array."""
    buffered = [change for change in plan.changes.values() if change.buffered]
    bits = plan.array.type.element.bits
    return Note(
        array=plan.array.name,
        told=plan.told,
        actors=tuple(plan.changes),
        added=tuple(added.actors),
        channels=added.channels,
        channel_bits=added.bits,
        buffers=len(buffered),
        buffer_bits=sum(box_size(each.box) * (bits + (each.write is Write.MASKED)) for each in buffered),
    )
