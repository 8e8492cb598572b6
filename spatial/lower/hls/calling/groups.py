"""Finds the groups of actors that the one kernel of a program starts, and whether each can stand alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spatial.analysis.loops import is_endless
from spatial.analysis.sharing import array_uses
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.function import kernels, operations
from spatial.ir.graph import Actor, ActorGraph, Channel
from spatial.ir.mlir import arith, func, ir, scf

__all__ = ["Group", "Grouped", "Site", "grouped"]

ROLES = ("start", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place that starts a group: a loop of one iteration with its puts, and one with the gets that wait for it."""

    starts: scf.ForOp
    ends: scf.ForOp


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The actors that a kernel starts together, where it does, and the memory that they are `given`.

    Their channels "`path`.start" and "`path`.end" lead from and to the kernel.
    """

    path: str
    actors: tuple[str, ...]
    sites: tuple[Site, ...]
    given: tuple[str, ...]

    @property
    def name(self) -> str:
        """What is called: the function or region that became these actors."""
        return self.path.rpartition(".")[2].partition("[")[0]

    @property
    def parameters(self) -> dict[str, str]:
        """What the group calls the memory that it is given: without what tells whose it is."""
        found: dict[str, str] = {}
        for name in self.given:
            word = name.rpartition(".")[2]
            found[name] = word if word not in found.values() else name
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """A program's one kernel that nobody starts, the memory of the module that is `local` to it, and its groups.

    Groups stand in the order in which the kernel's text starts them.
    """

    caller: str
    local: tuple[str, ...]
    groups: tuple[Group, ...]


def grouped(module: ir.Module, graph: ActorGraph) -> Grouped | None:
    """How a program falls apart at its calls; None where it has none, or does not.

    It does where one kernel starts all others, which talk to nobody outside of their group but by memory, and where
    each array that they write is the program's or begins with zeros: then a group can run while the kernel waits.
    """
    owners = owners_of(graph)
    outside = [actor for actor in graph.actors if actor.name not in owners]
    if not owners or len(outside) != 1 or not all(stays(channel, owners) for channel in graph.channels):
        return None
    (caller,) = outside
    function = next(each for each in kernels(module) if each.name.value == caller.function)
    if any(map(is_endless, function.entry_block.operations)):
        return None
    memories = sharing(graph, caller.name, owners)
    if memories is None:
        return None
    local, names = memories
    groups = []
    for path in dict.fromkeys(owners.values()):
        members = tuple(actor.name for actor in graph.actors if owners.get(actor.name) == path)
        sites = sites_of(graph, caller, function, path)
        if sites is None:
            return None
        given = [name for name in names if any(name in graph.actor[each].arrays for each in members)]
        groups.append(Group(path=path, actors=members, sites=tuple(sites), given=tuple(given)))
    places = {op.operation: place for place, op in enumerate(operations(function.entry_block))}
    groups.sort(key=lambda group: min(places[site.starts.operation] for site in group.sites))
    return Grouped(caller=caller.name, local=local, groups=tuple(groups))


def owners_of(graph: ActorGraph) -> dict[str, str]:
    """For each actor that is started, directly or by one that is, the path of the outermost call."""
    paths = {each.reader.actor: path_of(each) for each in graph.channels if each.role == "start" and each.reader}
    callers = {path_of(each): each.writer.actor for each in graph.channels if each.role == "start" and each.writer}
    found = {}
    for actor, path in paths.items():
        while callers.get(path) in paths:
            path = paths[callers[path]]
        found[actor] = path
    return found


def path_of(channel: Channel) -> str:
    """The call that a channel belongs to."""
    return channel.stream.rpartition(".")[0]


def stays(channel: Channel, owners: dict[str, str]) -> bool:
    """Whether a channel is inside of a group, starts one or tells its end, or joins the caller and the outside."""
    ends = [owners.get(port.actor) for port in (channel.writer, channel.reader) if port is not None]
    if len(ends) < 2:
        return not any(ends)
    inside = ends[0] is not None and ends[0] == ends[1]
    return inside or (channel.role in ROLES and path_of(channel) in ends)


def sharing(graph: ActorGraph, caller: str, owners: dict[str, str]) -> tuple[tuple[str, ...], list[str]] | None:
    """The memory of the module that the caller holds for groups, and all that groups are given, by name.

    What nobody writes is a constant in each group, what is stateful stays in the one that has it. None where memory
    does not begin as a local does, or has to outlast calls in several places.
    """
    uses = array_uses(graph)
    local: list[str] = []
    for memory in graph.memories:
        users = {owners.get(actor.name, caller) for actor in graph.actors if memory.name in actor.arrays}
        if not uses[memory.name].writers or users == {caller}:
            continue
        if memory.stateful and len(users) == 1:
            continue
        if memory.stateful or any(memory.values):
            return None
        local.append(memory.name)
    return tuple(local), [*(each.name for each in graph.arrays), *(each.name for each in graph.scalars), *local]


def sites_of(graph: ActorGraph, caller: Actor, function: func.FuncOp, path: str) -> list[Site] | None:
    """The places that start a group and wait for it; None where something else is done in between."""
    channels = [each for each in graph.channels if each.role in ROLES and path_of(each) == path]
    starts, ends = (arguments_of(caller, function, channels, role) for role in ROLES)
    puts = loops_of(starts, PutOp)
    gets = loops_of(ends, GetOp)
    if puts is None or gets is None or len(puts) != len(gets):
        return None
    sites = []
    for loop in puts:
        behind = next(following(loop), None)
        if behind is None or behind.operation not in [each.operation for each in gets]:
            return None
        sites.append(Site(starts=loop, ends=behind))
    return sites


def arguments_of(caller: Actor, function: func.FuncOp, channels: Iterable[Channel], role: str) -> list[ir.Value]:
    """The caller's ends of channels of a role."""
    names = [each.name for each in channels if each.role == role]
    first = len(caller.values)
    return [function.arguments[first + caller.channels.index(name)] for name in names]


def loops_of(streams: Sequence[ir.Value], kind: type) -> list[scf.ForOp] | None:
    """The loops that use all streams once and do nothing else, in the order of the text; None where others use them."""
    uses = [[use.owner for use in stream.uses] for stream in streams]
    if not uses or not all(isinstance(op, kind) for each in uses for op in each):
        return None
    parents = [[op.operation.parent for op in each] for each in uses]
    loops = [parent.opview for parent in parents[0]]
    alike = all(each == parents[0] for each in parents)
    return loops[::-1] if alike and all(is_plain(loop, len(streams)) for loop in loops) else None


def is_plain(op: ir.OpView, count: int) -> bool:
    """Whether an operation is a loop that puts or gets so many times and does nothing else."""
    if not isinstance(op, scf.ForOp):
        return False
    inside = list(op.body.operations)
    plain = all(isinstance(each, PutOp | GetOp | arith.ConstantOp | scf.YieldOp) for each in inside)
    return plain and sum(isinstance(each, PutOp | GetOp) for each in inside) == count


def following(op: ir.OpView) -> Iterator[ir.OpView]:
    """The operations behind one in its block that do something."""
    behind = False
    for each in op.operation.block.operations:
        if behind and not isinstance(each, arith.ConstantOp):
            yield each
        behind = behind or each.operation == op.operation
