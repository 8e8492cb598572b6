"""Channels between the host and one core made one, where a core has more of them than its DMA."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spatial.analysis.counts import Tokens, token_counts
from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.dialect import ActorOp, GetBlockOp, GetOp, PutOp, context, declare_actor, declare_channel
from spatial.ir.function import kernels, parameter_attribute, parameters, region_function
from spatial.ir.graph import Actor, ActorGraph, Channel, actor_graph, element_name
from spatial.ir.location import location
from spatial.ir.mlir import func, ir, memref
from spatial.ir.retyping import bound_to, replace_actor, with_parameters
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.lower.aie.legalize.legalize import Legal, parts_after
from spatial.lower.aie.legalize.parcels import Parcel, made_mover
from spatial.lower.aie.legalize.roles import Role
from spatial.lower.aie.legalize.unused import drop_unused
from spatial.lower.hls.legalize.build import channel_type, local
from spatial.lower.hls.legalize.chains import Site
from spatial.lower.hls.legalize.names import Names
from spatial.source.span import UNKNOWN
from spatial.types.tensor import element_of, size_of

__all__ = ["joined"]

Counts = Mapping[str, int | None]
DEPTH = 2
WAYS = {True: ("in", "join"), False: ("out", "split")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Channels of an actor that become one, by the positions of its function's parameters, the largest tokens first.

    So whatever is a multiple of a vector begins at one. `feeds` says whether the host feeds them, `count` how many
    tokens each carries.
    """

    positions: tuple[int, ...]
    parcel: Parcel
    count: int
    feeds: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What groups have in common that are rewritten alike."""
        return self.positions, self.feeds, self.count


def joined(legal: Legal) -> Legal | None:
    """The program with one channel in place of several; None where there is nothing to join.

    Joined are channels that carry tokens of one element type between movers of arrays and a core, which takes or puts
    one of each in turn, in the same block of its text.
    """
    counts = {name: _known(each) for name, each in token_counts(legal.module, legal.graph).items()}
    functions = {function.name.value: function for function in kernels(legal.module)}
    groups = {
        actor.name: found
        for actor in legal.graph.actors
        if legal.parts[actor.name].role is Role.CORE
        and (found := [*_groups(legal, actor, functions[actor.function], counts)])
    }
    if not groups:
        return None
    with context(), location(UNKNOWN):
        made = copy_of(legal.module)
        _Joiner(made, actor_graph(made)).join(groups)
        graph = verify(made)
        return Legal(module=made, graph=graph, parts=parts_after(made, graph, legal.parts))


def _known(passing: Tokens) -> int | None:
    """How many tokens pass, by the end that tells."""
    return passing.puts if passing.puts is not None else passing.gets


def _groups(legal: Legal, actor: Actor, function: func.FuncOp, counts: Counts) -> Iterator[Group]:
    """The channels of a core that can be one."""
    found: dict[tuple[bool, int, str, int], list[tuple[int, Channel]]] = {}
    order = {op.operation: n for n, op in enumerate(_operations(function))}
    for position, channel in _hosted(legal, actor):
        used, count = _only_use(function.arguments[position]), counts[channel.name]
        if used is None or count is None or channel.initial:
            continue
        writes = channel.writer is not None and channel.writer.actor == actor.name
        block = next(n for n, each in enumerate(_blocks(function)) if each == used.operation.block)
        key = (writes, block, str(element_of(channel.element)), count)
        found.setdefault(key, []).append((position, channel))
    for (writes, _, _, count), members in found.items():
        if len(members) > 1:
            members.sort(key=lambda each: (-size_of(each[1].element), order[_use(function, each[0]).operation]))
            yield Group(
                positions=tuple(position for position, _ in members),
                parcel=Parcel(tuple(channel.element for _, channel in members)),
                count=count,
                feeds=not writes,
            )


def _hosted(legal: Legal, actor: Actor) -> Iterator[tuple[int, Channel]]:
    """The channels of an actor whose other end only moves elements of arrays, with their positions."""
    for place, name in enumerate(actor.channels):
        channel = legal.graph.channel[name]
        ends = [port.actor for port in (channel.writer, channel.reader) if port is not None]
        other = [each for each in ends if each != actor.name]
        if len(ends) == 2 and len(other) == 1 and legal.parts[other[0]].role is Role.HOST:
            yield len(actor.values) + place, channel


def _only_use(stream: ir.Value) -> ir.OpView | None:
    """The one operation that uses a channel, if it takes or puts a token."""
    users = [use.owner for use in stream.uses]
    return users[0] if len(users) == 1 and isinstance(users[0], GetOp | GetBlockOp | PutOp) else None


def _use(function: func.FuncOp, position: int) -> ir.OpView:
    found = _only_use(function.arguments[position])
    assert found is not None, "it was looked at"
    return found


def _blocks(function: func.FuncOp) -> Iterator[ir.Block]:
    """All blocks of a function."""
    waiting = [function.entry_block]
    for block in waiting:
        yield block
        waiting += [inner for op in block.operations for region in op.regions for inner in region.blocks]


def _operations(function: func.FuncOp) -> Iterator[ir.OpView]:
    """All operations on channels; those of one block in the order of the text."""
    for block in _blocks(function):
        yield from (op for op in block.operations if isinstance(op, CHANNEL_OPERATIONS))


@dataclass(slots=True)
class _Joiner:
    """A module under way; functions of cores and of movers that come out alike are made once."""

    module: ir.Module
    graph: ActorGraph
    made: dict[tuple[object, ...], func.FuncOp] = field(default_factory=dict)
    streams: dict[tuple[object, ...], str] = field(default_factory=dict)
    movers: dict[tuple[object, ...], tuple[str, str]] = field(default_factory=dict)

    def join(self, groups: Mapping[str, Sequence[Group]]) -> None:
        """Rewrites the cores that have groups, and puts movers between them and those of the host."""
        site = Site(self.module, Names(self.graph))
        functions = {function.name.value: function for function in kernels(self.module)}
        for op in [each for each in region_function(self.module).entry_block.operations if isinstance(each, ActorOp)]:
            name = element_name(op.kernel.value, tuple(axis.value for axis in op.pid))
            if name not in groups:
                continue
            actor, given = self.graph.actor[name], bound_to(op)
            for group in groups[name]:
                given[group.positions[0]] = self.channel(site, actor, group)
            gone = {position for group in groups[name] for position in group.positions[1:]}
            callee = self.function(site, functions[actor.function], groups[name])
            replace_actor(op, callee, [each for n, each in enumerate(given) if n not in gone])
        drop_unused(self.module)

    def channel(self, site: Site, actor: Actor, group: Group) -> str:
        """Declares the one channel of a group, and the mover between it and those that it stands for."""
        way, verb = WAYS[group.feeds]
        key = (actor.kernel, group.positions, group.feeds)
        if key not in self.streams:
            self.streams[key] = site.names.new(f"{actor.kernel}_{way}")
        channel = element_name(self.streams[key], actor.pid)
        parts = [actor.channels[position - len(actor.values)] for position in group.positions]
        with location(actor.span):
            with site.channels:
                declare_channel(self.streams[key], actor.pid, DEPTH, str(group.parcel.token))
            name, kernel = self.mover(site, actor, group, f"{verb}_{actor.kernel}")
            with site.producers if group.feeds else site.consumers:
                ends = [*parts, channel] if group.feeds else [channel, *parts]
                declare_actor(name, kernel, actor.pid, [], ends, [])
        return channel

    def mover(self, site: Site, actor: Actor, group: Group, wanted: str) -> tuple[str, str]:
        """The function and the kernel of the movers of a group."""
        key = (actor.kernel, group.key, tuple(map(str, group.parcel.parts)))
        if key not in self.movers:
            name = site.names.new(wanted)
            with ir.InsertionPoint.at_block_begin(self.module.body):
                made = made_mover(group.parcel, group.count, name, name, actor.span, joins=group.feeds)
            self.movers[key] = made, name
        return self.movers[key]

    def function(self, site: Site, original: func.FuncOp, groups: Sequence[Group]) -> func.FuncOp:
        """The function of a core with one parameter for each group in place of several."""
        key = (original.name.value, tuple((group.key, group.parcel) for group in groups))
        if key not in self.made:
            with ir.InsertionPoint(original):
                copy = original.operation.clone().opview
            for group in groups:
                (_take if group.feeds else _give)(copy, group)
            gone = {position for group in groups for position in group.positions[1:]}
            kept = [n for n in range(len(copy.arguments)) if n not in gone]
            self.made[key] = with_parameters(copy, kept, site.names.new(original.name.value))
        return self.made[key]


def _take(function: func.FuncOp, group: Group) -> None:
    """Takes one block where the first of the tokens was taken, and each of these out of it where it was."""
    uses = [_use(function, position) for position in group.positions]
    parcel, stream = group.parcel, function.arguments[group.positions[0]]
    with ir.InsertionPoint.at_block_begin(function.entry_block), function.location:
        whole = local(f"{_name(function, group)}_parts", parcel.token)
    _retype(function, group)
    first = _in_order(uses)[0]
    with ir.InsertionPoint(first), first.location:
        GetBlockOp(stream, whole)
    for part, op in enumerate(uses):
        with ir.InsertionPoint(op), op.location:
            if isinstance(op, GetOp):
                op.value.replace_all_uses_with(memref.load(whole, [parcel.place(part, ())]))
            elif not _read_there(op, parcel, part, whole):
                parcel.take(whole, part, op.block)
        op.operation.erase()


def _read_there(op: GetBlockOp, parcel: Parcel, part: int, whole: ir.Value) -> bool:
    """Reads elements of a token out of the one block, if all that is done with it is that, behind where it is taken."""
    users = [use.owner for use in op.block.uses if use.owner.operation != op.operation]
    own = isinstance(getattr(op.block.owner, "opview", None), memref.AllocaOp)
    if not own or not all(isinstance(each, memref.LoadOp) and _follows(op, each) for each in users):
        return False
    for each in users:
        with ir.InsertionPoint(each), each.location:
            found = memref.load(whole, [parcel.place(part, list(each.indices))])
        each.result.replace_all_uses_with(found)
        each.operation.erase()
    return True


def _follows(first: ir.OpView, second: ir.OpView) -> bool:
    """Whether an operation stands behind another one in its block, or inside one that does."""
    behind = list(first.operation.block.operations)
    behind = [each.operation for each in behind[[n.operation for n in behind].index(first.operation) + 1 :]]
    at = second.operation
    while at is not None and at not in behind:
        at = at.parent if not isinstance(at.opview, func.FuncOp) else None
    return at is not None


def _give(function: func.FuncOp, group: Group) -> None:
    """Makes parts of one block where tokens were put, and puts it where the last one was."""
    uses = [_use(function, position) for position in group.positions]
    parcel, stream = group.parcel, function.arguments[group.positions[0]]
    with ir.InsertionPoint.at_block_begin(function.entry_block), function.location:
        whole = local(f"{_name(function, group)}_parts", parcel.token)
    _retype(function, group)
    last = _in_order(uses)[-1]
    for part, op in enumerate(uses):
        with ir.InsertionPoint(op), op.location:
            parcel.give(op.value, part, whole)
            if op is last:
                PutOp(stream, whole)
        op.operation.erase()


def _in_order(uses: Sequence[ir.OpView]) -> list[ir.OpView]:
    """Operations of a block in the order of the text."""
    order = {op.operation: n for n, op in enumerate(uses[0].operation.block.operations)}
    return sorted(uses, key=lambda op: order[op.operation])


def _name(function: func.FuncOp, group: Group) -> str:
    return parameters(function)[group.positions[0]].name


def _retype(function: func.FuncOp, group: Group) -> None:
    """Lets the first parameter of a group be the channel of whole blocks."""
    place, token = group.positions[0], group.parcel.token
    known = parameters(function)
    names = [each.name for each in known]
    kinds = [(each.kind, str(token if n == place else each.type)) for n, each in enumerate(known)]
    function.attributes["df.parameters"] = parameter_attribute(names, kinds)
    function.arguments[place].set_type(channel_type(token))
