"""`legalize`: from any program to one that obeys the rules of Vitis dataflow."""

from collections.abc import Mapping

from spatial.device.model import Device
from spatial.device.parts import parts
from spatial.ir.dialect import ChannelOp, MemoryOp, context
from spatial.ir.function import region_function
from spatial.ir.graph import ActorGraph, actor_graph
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.legalize.boxes import box_size
from spatial.lower.hls.legalize.called import end_called
from spatial.lower.hls.legalize.chains import Added, Ends, Site, add_chains, add_hands
from spatial.lower.hls.legalize.changes import Change, Start, Write
from spatial.lower.hls.legalize.legal import Legal, Note
from spatial.lower.hls.legalize.names import Names
from spatial.lower.hls.legalize.plan import Plan, plan_of
from spatial.lower.hls.legalize.seen import memory_of, program_of
from spatial.lower.hls.legalize.wiring import wire
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import UNKNOWN
from spatial.types.tensor import element_of

__all__ = ["legalize"]

NOTHING: Mapping[str, str] = {}


def legalize(
    module: ir.Module,
    device: Device,
    interfaces: Mapping[str, Interface] | None = None,
    graph: ActorGraph | None = None,
    names: Names | None = None,
    before: Mapping[str, str] = NOTHING,
) -> Legal:
    """A module that does the same, in which each array belongs to one actor; the given one is untouched.

    Its `graph` is read where it is not given; what is added gets new `names`. Each parameter that is an array, or a
    stream, is used by one actor then. An array that is given once more, by the names in `before`, is read there, so
    that one actor reads and another one writes.
    Raises `ProgramError` with everything that cannot be made so.
    """
    with context(), location(UNKNOWN):
        made = copy_of(module)
        known = graph or actor_graph(made)
        if any(channel.role == "start" for channel in known.channels):
            end_called(made, known)
        plans = plans_of(made, known, interfaces or {}, on_chip_bits(device))
        return applied(made, known, plans, names or Names(known), before)


def on_chip_bits(device: Device) -> int:
    """What the memories of a part hold, those of a U280 where the device is no part.

    Sources: AMD, UG573, "UltraScale Architecture Memory Resources": block RAMs of 18 Kb, UltraRAMs of 288 Kb.
    """
    budget = device.budget or parts()["xcu280"].budget
    return (budget.bram18 * 18 + budget.uram * 288) * 1024


def plans_of(module: ir.Module, graph: ActorGraph, interfaces: Mapping[str, Interface], room: int) -> list[Plan]:
    """What becomes of each array, with `room` for so many bits; raises `ProgramError` with all problems."""
    program = program_of(module, graph)
    plans: list[Plan] = []
    problems: list[Problem] = []
    for array in memory_of(graph):
        found = plan_of(program, array, interfaces.get(array.name), room)
        if isinstance(found, Plan):
            plans.append(found)
        else:
            problems += found
    if problems:
        raise ProgramError(problems)
    return plans


def applied(module: ir.Module, graph: ActorGraph, plans: list[Plan], names: Names, before: Mapping[str, str]) -> Legal:
    """The module with all plans carried out."""
    site = Site(module, names, before)
    ends: Ends = {}
    added = {plan.array.name: added_for(site, graph, plan, ends) for plan in plans}
    changes: dict[str, list[Change]] = {actor.name: [] for actor in graph.actors}
    for plan in plans:
        for actor, change in plan.changes.items():
            if not change.direct:
                changes[actor].append(change)
    wire(site, graph, changes, started(module, graph), ends)
    notes = tuple(note_of(plan, added[plan.array.name]) for plan in plans)
    return Legal(module=module, graph=verify(module), notes=notes)


def added_for(site: Site, graph: ActorGraph, plan: Plan, ends: Ends) -> Added:
    """Adds the actors and channels that a plan needs, and takes away memory that nobody needs."""
    added = add_chains(site, graph, plan, ends) if plan.loads or plan.stores else Added()
    add_hands(site, graph, plan, ends, added)
    if plan.array.owned and not plan.needed:
        for op in list(region_function(site.module).entry_block.operations):
            if isinstance(op, MemoryOp) and op.memory.value == plan.array.name:
                op.operation.erase()
    return added


def started(module: ir.Module, graph: ActorGraph) -> dict[str, list[Start]]:
    """What each actor puts before everything else, for channels that began with tokens and no longer do."""
    starts: dict[str, list[Start]] = {actor.name: [] for actor in graph.actors}
    for channel in graph.channels:
        if channel.initial and channel.writer is not None:
            start = Start(
                position=channel.writer.position, type=channel.element, tokens=channel.initial, span=channel.span
            )
            starts[channel.writer.actor].append(start)
    if not any(starts.values()):
        return starts
    for op in region_function(module).entry_block.operations:
        if isinstance(op, ChannelOp) and len(op.initial):
            op.operation.attributes["initial"] = ir.ArrayAttr.get([])
    return starts


def note_of(plan: Plan, added: Added) -> Note:
    """What is told about an array."""
    buffered = [change for change in plan.changes.values() if change.buffered]
    bits = element_of(plan.array.type).bits
    return Note(
        array=plan.array.name,
        told=plan.told,
        actors=tuple(plan.changes),
        added=tuple(added.actors),
        channels=added.channels,
        channel_bits=added.bits,
        buffers=len(buffered),
        buffer_bits=sum(box_size(each.box) * (bits + (each.write is Write.MASKED)) for each in buffered),
        filled=plan.fills,
        moved=plan.loads and plan.stores,
    )
