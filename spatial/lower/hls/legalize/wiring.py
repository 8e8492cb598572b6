"""Gives each actor a function that does what is planned for its arrays."""

from collections.abc import Mapping, Sequence

from spatial.ir.dialect import ActorOp, declare_actor
from spatial.ir.function import kernels, region_function
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.mlir import func, ir
from spatial.lower.hls.legalize.boxes import Box
from spatial.lower.hls.legalize.chains import Ends, Site
from spatial.lower.hls.legalize.changes import Change, Start
from spatial.lower.hls.legalize.rewrite import Firsts, rewrite
from spatial.lower.hls.legalize.work import Argument, Rewritten

__all__ = ["wire"]

Changes = Mapping[str, Sequence[Change]]
"""The changes of each actor, in the order of the arrays."""

Starts = Mapping[str, Sequence[Start]]
"""The tokens that each actor puts before everything else."""


def wire(site: Site, graph: ActorGraph, changes: Changes, starts: Starts, ends: Ends) -> None:
    """Rewrites the functions of all actors that change, once for those that change alike."""
    functions = {function.name.value: function for function in kernels(site.module)}
    groups: dict[tuple[str, object], list[Actor]] = {}
    for actor in graph.actors:
        keys = tuple(change.key for change in changes[actor.name])
        told = tuple((start.position, repr(start.tokens)) for start in starts[actor.name])
        groups.setdefault((actor.function, (keys, told)), []).append(actor)
    count: dict[str, int] = {}
    for function, _ in groups:
        count[function] = count.get(function, 0) + 1
    bodies: dict[str, tuple[Rewritten, Firsts]] = {}
    for (name, _), actors in groups.items():
        if changes[actors[0].name] or starts[actors[0].name]:
            made = made_for(site, functions[name], actors, changes, starts, alone=count[name] == 1)
            bodies |= dict.fromkeys((actor.name for actor in actors), made)
    kept = {
        function for function, _ in groups if any(a.name not in bodies and a.function == function for a in graph.actors)
    }
    replace_actors(site, graph, changes, bodies, ends)
    for name in count.keys() - kept:
        functions[name].operation.erase()


def made_for(
    site: Site, function: func.FuncOp, actors: Sequence[Actor], changes: Changes, starts: Starts, *, alone: bool
) -> tuple[Rewritten, Firsts]:
    """The function of actors that change alike."""
    name, first = function.name.value, actors[0].name
    with ir.InsertionPoint(function):
        firsts = firsts_of(function, actors, changes)
        new = name if alone else site.names.new(name)
        made = rewrite(function, new, changes[first], firsts, starts[first])
    return made, firsts


def firsts_of(function: func.FuncOp, actors: Sequence[Actor], changes: Changes) -> Firsts:
    """Where the boxes of actors begin: at one index for all, at a value they have, or at a new one."""
    found: dict[tuple[int, int], int | tuple[str, int]] = {}
    indices = [n for n, each in enumerate(function.arguments) if isinstance(each.type, ir.IndexType)]
    for number, change in enumerate(changes[actors[0].name]):
        for axis in range(len(change.box)):
            firsts = [changes[actor.name][number].box[axis].first for actor in actors]
            known = next((n for n in indices if [actor.values[n] for actor in actors] == firsts), None)
            if len(set(firsts)) == 1:
                found[change.position, axis] = firsts[0]
            else:
                found[change.position, axis] = ("new", axis) if known is None else ("value", known)
    return found


def replace_actors(
    site: Site,
    graph: ActorGraph,
    changes: Changes,
    bodies: Mapping[str, tuple[Rewritten, Firsts]],
    ends: Ends,
) -> None:
    """Declares the actors that changed anew, in their places."""
    declared = [op for op in region_function(site.module).entry_block.operations if isinstance(op, ActorOp)]
    by_name = {actor.name: actor for actor in graph.actors}
    for op, actor in ((op, by_name[name]) for op in declared if (name := actor_name(op)) in bodies):
        made, _ = bodies[actor.name]
        boxes = {change.position: change.box for change in changes[actor.name]}
        with ir.InsertionPoint(op), op.location:
            values, channels, arrays = bound(op, actor, made, boxes, ends)
            declare_actor(made.name, actor.kernel, actor.pid, values, channels, arrays)
        op.operation.erase()


def actor_name(op: ActorOp) -> str:
    pid = [axis.value for axis in op.pid]
    return f"{op.kernel.value}[{','.join(map(str, pid))}]"


def bound(
    op: ActorOp, actor: Actor, made: Rewritten, boxes: Mapping[int, Box], ends: Ends
) -> tuple[list[ir.Attribute], list[str], list[str]]:
    """What an actor gives its function."""
    given = [*op.values, *actor.channels, *actor.arrays]
    limits = len(actor.values), len(actor.values) + len(actor.channels)
    values: list[ir.Attribute] = []
    channels: list[str] = []
    arrays: list[str] = []
    for each in made.parameters:
        match each:
            case int() if each < limits[0]:
                values.append(given[each])
            case int():
                (channels if each < limits[1] else arrays).append(given[each])
            case Argument(kind="value"):
                first = boxes[each.position][each.axis].first
                values.append(ir.IntegerAttr.get(ir.IndexType.get(), first))
            case Argument():
                channels.append(ends[actor.name, each.position, each.role])
    return values, channels, arrays
