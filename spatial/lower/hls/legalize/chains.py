"""Adds the actors and channels that bring shares of an array to several actors, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spatial.ir.dialect import ActorOp, declare_actor, declare_channel
from spatial.ir.function import region_function
from spatial.ir.graph import Actor, ActorGraph, element_name
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.lower.hls.legalize.boxes import Box, box_size
from spatial.lower.hls.legalize.changes import Change, Read, Write
from spatial.lower.hls.legalize.movers import Limits, Mover, Stage
from spatial.lower.hls.legalize.names import Names
from spatial.lower.hls.legalize.plan import Plan
from spatial.source.span import Span
from spatial.types.dtype import DType, bool_
from spatial.types.tensor import TensorType, element_of

__all__ = ["Added", "Ends", "Site", "add_chains", "add_hands"]

DEPTH = 2
"""Tokens of a channel that only passes elements on."""

Ends = dict[tuple[str, int, str], str]
"""The channel that an actor is given for a role of a position."""


class Site:
    """Where in a module things are added: channels first, producers before all actors, consumers behind them."""

    def __init__(self, module: ir.Module, graph: ActorGraph) -> None:
        self.module = module
        self.names = Names(graph)
        body = list(region_function(module).entry_block.operations)
        self.channels = ir.InsertionPoint(body[0])
        self.producers = ir.InsertionPoint(next(op for op in body if isinstance(op, ActorOp)))
        self.consumers = ir.InsertionPoint(body[-1])


@dataclass(slots=True)
class Added:
    """What was added for an array: names of actors, channels and the bits of these."""

    actors: list[str] = field(default_factory=list)
    channels: int = 0
    bits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An actor that has a share of the array."""

    actor: Actor
    change: Change

    def key(self, shape: Sequence[int]) -> tuple[object, ...]:
        """What members have in common whose stages have one function."""
        dimensions = tuple(
            each.count < extent and each.step for each, extent in zip(self.change.box, shape, strict=True)
        )
        return (self.actor.kernel, self.change.write is Write.MASKED, dimensions)


def add_chains(site: Site, graph: ActorGraph, plan: Plan, ends: Ends) -> Added:
    """Adds loader, storer, distributors and collectors of an array that is shared; fills in `ends`."""
    members = [
        Member(actor=actor, change=plan.changes[actor.name]) for actor in graph.actors if actor.name in plan.changes
    ]
    readers = [each for each in members if each.change.read is not Read.NONE]
    writers = [each for each in members if each.change.write is not Write.NONE]
    span = members[0].change.span
    with location(span):
        chains = Chains(site, plan, ends, span)
        first = chains.channel(chains.stream("chain"), (0,), element_of(plan.array.type)) if readers else ""
        last = chains.collect(writers) if writers else []
        with site.producers if readers else site.consumers:
            chains.terminal(first, last)
        with site.producers:
            chains.distribute(readers, first)
    return chains.added


def add_hands(site: Site, graph: ActorGraph, plan: Plan, ends: Ends, added: Added) -> None:
    """Adds channels by which parts of buffers go with tokens; fills in `ends`."""
    element = element_of(plan.array.type)
    stream = ""
    for actor, change in ((graph.actor[name], change) for name, change in plan.changes.items()):
        for hand in change.hands:
            channel = graph.channel[actor.channels[hand.channel - len(actor.values)]]
            if not hand.puts or channel.reader is None:
                continue
            stream = stream or site.names.new(f"{plan.array.name}_handed")
            indices, depth = (added.channels,), channel.depth * box_size(hand.box)
            with site.channels, location(channel.span):
                declare_channel(stream, indices, depth, str(element))
            added.channels += 1
            added.bits += depth * element.bits
            reader, made = channel.reader, element_name(stream, indices)
            ends[actor.name, change.position, f"handed {hand.channel}"] = made
            ends[reader.actor, plan.changes[reader.actor].position, f"handed {reader.position}"] = made


class Chains:
    """Adds to a module what an array's plan needs."""

    def __init__(self, site: Site, plan: Plan, ends: Ends, span: Span) -> None:
        self.site = site
        self.plan = plan
        self.ends = ends
        self.array = plan.array
        self.element = element_of(plan.array.type)
        assert isinstance(plan.array.type, TensorType), "only arrays are parameters of a region that several touch"
        self.mover = Mover(name=plan.array.name, type=plan.array.type, span=span)
        self.added = Added()
        self.streams: dict[tuple[str, str], str] = {}
        self.functions: dict[object, tuple[str, Limits]] = {}

    def terminal(self, first: str, last: Sequence[str]) -> None:
        """The actor that reads the array, writes it, or does one after the other."""
        word = "load" if not last else "store" if not first else "move"
        name = self.site.names.new(f"{self.array.name}_{word}")
        with ir.InsertionPoint(self.site.module.body):
            self.mover.terminal(name, loads=bool(first), stores=bool(last), valid=self.plan.valid)
        declare_actor(name, name, [0], [], [first, *last] if first else last, [self.array.name])
        self.added.actors.append(name)

    def distribute(self, members: Sequence[Member], chain: str) -> None:
        """A distributor for each member."""
        boxes = self.groups(members)
        for number, member in enumerate(members):
            ends = number == len(members) - 1
            share = self.share(member, "to", "in", ordered=member.change.read is Read.TAKE)
            onward = [] if ends else [self.channel(self.stream("chain"), (number + 1,), self.element)]
            self.stage(member, boxes, "to", ends, [chain, *onward, share])
            chain = "".join(onward)

    def collect(self, members: Sequence[Member]) -> list[str]:
        """A collector for each member; the channels that they give the array to."""
        boxes = self.groups(members)
        chain: list[str] = []
        for number, member in enumerate(members):
            masked = member.change.write is Write.MASKED
            share = [self.share(member, "from", "out", ordered=member.change.write is Write.GIVE)]
            if masked:
                share.append(self.share(member, "written", "written", bool_))
            onward = [self.channel(self.stream("result"), (number,), self.element)]
            if self.plan.valid:
                onward.append(self.channel(self.stream("valid"), (number,), bool_))
            with self.site.consumers:
                self.stage(member, boxes, "from", number == 0, [*chain, *onward, *share])
            chain = onward
        return chain

    def groups(self, members: Sequence[Member]) -> Mapping[object, list[Box]]:
        """The shares of the members whose stages have one function."""
        found: dict[object, list[Box]] = {}
        for member in members:
            found.setdefault(member.key(self.array.shape), []).append(member.change.box)
        return found

    def stage(
        self, member: Member, boxes: Mapping[object, list[Box]], word: str, ends: bool, channels: Sequence[str]
    ) -> None:
        """The actor of a member's distributor or collector, at the insertion point."""
        kernel = self.stream(word, member.actor.kernel)
        key = member.key(self.array.shape)
        if (word, ends, key) not in self.functions:
            limits = limits_of(boxes[key], self.array.shape)
            made = Stage(limits=limits, ends=ends, valid=self.plan.valid, masked=member.change.write is Write.MASKED)
            make = self.mover.distributor if word == "to" else self.mover.collector
            with ir.InsertionPoint(self.site.module.body):
                label = kernel.rpartition(".")[2]
                name = make(self.site.names.new(f"{label}_0"), label, made)
            self.functions[word, ends, key] = (name, limits)
        function, limits = self.functions[word, ends, key]
        values = [ir.IntegerAttr.get(ir.IndexType.get(), value) for value in limits.values(member.change.box)]
        declare_actor(function, kernel, member.actor.pid, values, channels, [])
        self.added.actors.append(element_name(kernel, member.actor.pid))

    def share(self, member: Member, word: str, role: str, dtype: DType | None = None, *, ordered: bool = False) -> str:
        """The channel between a member and its stage; where elements come in order all of them have room in it."""
        depth = max(DEPTH, box_size(member.change.box)) if ordered else DEPTH
        stream = self.stream(word, member.actor.kernel)
        name = self.channel(stream, member.actor.pid, dtype or self.element, depth)
        self.ends[member.actor.name, member.change.position, role] = name
        return name

    def channel(self, stream: str, indices: Sequence[int], dtype: DType, depth: int = DEPTH) -> str:
        """Declares a channel; its name."""
        with self.site.channels:
            declare_channel(stream, indices, depth, str(dtype))
        self.added.channels += 1
        self.added.bits += depth * dtype.bits
        return element_name(stream, tuple(indices))

    def stream(self, word: str, kernel: str = "") -> str:
        """The name of a stream, and of the kernel at its end, the same one for the same words."""
        if (word, kernel) not in self.streams:
            prefix, _, last = kernel.rpartition(".")
            name = f"{self.array.name}_{word}" + (f"_{last}" if last else "")
            self.streams[word, kernel] = self.site.names.new(f"{prefix}.{name}" if prefix else name)
        return self.streams[word, kernel]


Bounds = tuple[int | None, int | None, int] | None


def limits_of(boxes: Sequence[Box], shape: Sequence[int]) -> Limits:
    """The limits of shares whose stages have one function."""
    dimensions: list[Bounds] = []
    for axis, extent in enumerate(shape):
        found = {box[axis] for box in boxes}
        if all(each.count == extent for each in found):
            dimensions.append(None)
            continue
        firsts, lasts = {each.first for each in found}, {each.last for each in found}
        first, last = min(firsts) if len(firsts) == 1 else None, min(lasts) if len(lasts) == 1 else None
        dimensions.append((first, last, max((each.step for each in found if each.count > 1), default=1)))
    return Limits(dimensions=tuple(dimensions))
