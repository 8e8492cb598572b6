"""Adds the actors and channels that bring shares of an array to several actors, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spatial.ir.dialect import ActorOp, declare_actor, declare_channel
from spatial.ir.function import region_function
from spatial.ir.graph import ActorGraph, element_name
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.lower.hls.legalize.boxes import Box, box_size
from spatial.lower.hls.legalize.changes import Read, Write
from spatial.lower.hls.legalize.movers import SINGLE, Bounds, Bundle, Limits, Mover, Stage
from spatial.lower.hls.legalize.names import Names
from spatial.lower.hls.legalize.plan import Plan
from spatial.lower.hls.legalize.rows import Member, Row, inside, rows_of
from spatial.lower.hls.legalize.turns import turns
from spatial.lower.hls.legalize.ways import Way, ways_of
from spatial.types.dtype import DType, bool_
from spatial.types.tensor import TensorType, element_of

__all__ = ["Added", "Ends", "Site", "add_chains", "add_hands"]

DEPTH = 2
"""Tokens of a channel that only passes elements on."""

Ends = dict[tuple[str, int, str], str]
"""The channel that an actor is given for a role of a position."""


class Site:
    """Where in a module things are added: channels first, producers before all actors, consumers behind them.

    Arrays of which the region is given what they hold `before` are read there, by the names of both.
    """

    def __init__(self, module: ir.Module, names: Names, before: Mapping[str, str] | None = None) -> None:
        self.module = module
        self.names = names
        self.before = before or {}
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
class Entry:
    """What a stage of a chain serves: an actor, or a row of them with a chain of its own.

    `kernel` and `pid` are the stage's; its share is a `box` of what the chain carries, and passes by `channels`, with
    a second one for what was written if it is `masked`.
    """

    kernel: str
    pid: tuple[int, ...]
    box: Box
    masked: bool
    channels: tuple[str, ...]

    def key(self, shape: Sequence[int]) -> tuple[object, ...]:
        """What entries have in common whose stages have one function."""
        steps = tuple(each.count < extent and each.step for each, extent in zip(self.box, shape, strict=True))
        return (self.kernel, self.masked, steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A chain of stages; the indices of its channels begin with `pid`, `source` is what it distributes."""

    pid: tuple[int, ...]
    entries: Sequence[Entry]
    source: str = ""


def add_chains(site: Site, graph: ActorGraph, plan: Plan, ends: Ends) -> Added:
    """Adds loader, storer, distributors and collectors of an array that is shared; fills in `ends`."""
    members = [
        Member(actor=actor, change=plan.changes[actor.name]) for actor in graph.actors if actor.name in plan.changes
    ]
    readers = [each for each in members if each.change.read is not Read.NONE]
    writers = [each for each in members if each.change.write is not Write.NONE]
    with location(members[0].change.span):
        chains = Chains(site, plan, ends)
        loads, first = chains.begin(readers)
        stores, last = chains.finish(writers)
        if plan.array.name in site.before and readers and writers:
            with site.producers:
                chains.terminal(loads, None, first, site.before[plan.array.name])
            with site.consumers:
                chains.terminal(None, stores, last)
        else:
            with site.producers if readers else site.consumers:
                chains.terminal(loads, stores, [*first, *last])
        if loads is not None and not loads.ways:
            with site.producers:
                chains.distribute(readers, first[0])
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

    def __init__(self, site: Site, plan: Plan, ends: Ends) -> None:
        self.site = site
        self.plan = plan
        self.ends = ends
        self.array = plan.array
        self.element = element_of(plan.array.type)
        self.span = next(iter(plan.changes.values())).span
        self.valid = plan.valid and not plan.streamed
        self.turns = turns([each for each in plan.changes.values() if box_size(each.box)]) if plan.streamed else None
        self.added = Added()
        self.streams: dict[tuple[str, str], str] = {}
        self.functions: dict[object, str] = {}

    def mover(self, shape: Sequence[int]) -> Mover:
        """What makes functions for as much of the array as passes in a chain."""
        memory = TensorType(self.element, self.array.shape)
        passing = TensorType(self.element, tuple(shape))
        return Mover(name=self.array.name, type=passing, span=self.span, memory=memory, turns=self.turns)

    @property
    def frame(self) -> tuple[int, ...]:
        """The extents of what passes in the first chain."""
        return self.array.shape if self.turns is None else self.turns.shape

    def boxes(self, members: Sequence[Member]) -> list[Box]:
        """What the members have of that."""
        if self.turns is None:
            return [each.change.box for each in members]
        return [self.turns.share(number) for number in range(len(members))]

    def begin(self, members: Sequence[Member]) -> tuple[Bundle | None, Sequence[str]]:
        """What the loader puts into: the members' channels, or the chain that leads to them."""
        if not members:
            return None, ()
        if ways := self.ways(members, once=False):
            entries = [self.reader(each, box) for each, box in self.in_order(members)]
            return Bundle(name=self.stream("to", members[0].actor.kernel), ways=ways), channels_of(entries)
        return Bundle(name="chain"), [self.channel(self.stream("chain"), (0,), self.element)]

    def finish(self, members: Sequence[Member]) -> tuple[Bundle | None, Sequence[str]]:
        """What the storer gets from: the members' channels, or the chain that comes from them."""
        if not members:
            return None, ()
        masked = self.valid or any(member.change.write is Write.MASKED for member in members)
        if not masked and (ways := self.ways(members, once=True)):
            entries = [self.writer(each, box) for each, box in self.in_order(members)]
            return Bundle(name=self.stream("from", members[0].actor.kernel), ways=ways), channels_of(entries)
        return Bundle(name="result"), self.collect(members)

    def ways(self, members: Sequence[Member], *, once: bool) -> tuple[Way, ...] | None:
        """How members share the array where its indices alone say whose each element is."""
        if len({member.actor.kernel for member in members}) > 1:
            return None
        return ways_of([(each.actor.pid, box) for each, box in self.in_order(members)], self.frame, once=once)

    def in_order(self, members: Sequence[Member]) -> list[tuple[Member, Box]]:
        """Members of one kernel with what they have, by their pids."""
        return sorted(zip(members, self.boxes(members), strict=True), key=lambda pair: pair[0].actor.pid)

    def terminal(self, loads: Bundle | None, stores: Bundle | None, channels: Sequence[str], array: str = "") -> None:
        """The actor that reads the array, writes it, or does one after the other; it may read another `array`."""
        word = "load" if stores is None else "store" if loads is None else "move"
        name = self.site.names.new(f"{self.array.name}_{word}")
        with ir.InsertionPoint(self.site.module.body):
            self.mover(self.frame).terminal(name, loads=loads, stores=stores, valid=self.valid)
        declare_actor(name, name, [0], [], channels, [array or self.array.name])
        self.added.actors.append(name)

    def distribute(self, members: Sequence[Member], chain: str) -> None:
        """A distributor for each member, behind one for each row of them where they are many."""
        rows = [] if self.turns else rows_of(members)
        if not rows:
            boxes = self.boxes(members)
            entries = [self.reader(each, box) for each, box in zip(members, boxes, strict=True)]
            self.distributors([Run(pid=(), entries=entries, source=chain)], self.frame, "chain")
            return
        heads = [self.head(row, "to") for row in rows]
        self.distributors([Run(pid=(), entries=heads, source=chain)], self.array.shape, "chain")
        runs = [
            Run(
                pid=row.pid,
                entries=[self.reader(each, inside(each.change.box, row.box)) for each in row.members],
                source=head.channels[0],
            )
            for row, head in zip(rows, heads, strict=True)
        ]
        self.distributors(runs, counts_of(rows[0].box), "row_chain")

    def collect(self, members: Sequence[Member]) -> tuple[str, ...]:
        """A collector for each member, before one for each row of them where they are many.

        The channels that the last one gives the array to.
        """
        rows = [] if self.turns else rows_of(members)
        if not rows:
            entries = [self.writer(each, box) for each, box in zip(members, self.boxes(members), strict=True)]
            return self.collectors([Run(pid=(), entries=entries)], self.frame, "", valid=self.valid)[0]
        valid = not all(row.whole for row in rows)
        self.valid = self.valid or valid
        runs = [
            Run(pid=row.pid, entries=[self.writer(each, inside(each.change.box, row.box)) for each in row.members])
            for row in rows
        ]
        ends = self.collectors(runs, counts_of(rows[0].box), "row_", valid=valid)
        heads = [self.head(row, "from", channels) for row, channels in zip(rows, ends, strict=True)]
        return self.collectors([Run(pid=(), entries=heads)], self.array.shape, "", valid=self.valid)[0]

    def head(self, row: Row, word: str, channels: tuple[str, ...] = ()) -> Entry:
        """A row as the first chain serves it."""
        given = channels or (self.channel(self.stream("row", row.kernel), row.pid, self.element),)
        kernel = self.stream(f"{word}_row", row.kernel)
        return Entry(kernel=kernel, pid=row.pid, box=row.box, masked=len(given) > 1, channels=given)

    def reader(self, member: Member, box: Box) -> Entry:
        """An actor that is given its share."""
        share = self.share(member, "to", "in", ordered=member.change.read is Read.TAKE)
        kernel = self.stream("to", member.actor.kernel)
        return Entry(kernel=kernel, pid=member.actor.pid, box=box, masked=False, channels=(share,))

    def writer(self, member: Member, box: Box) -> Entry:
        """An actor that gives its share."""
        masked = member.change.write is Write.MASKED
        channels = [self.share(member, "from", "out", ordered=member.change.write is Write.GIVE)]
        if masked:
            channels.append(self.share(member, "written", "written", bool_))
        kernel = self.stream("from", member.actor.kernel)
        return Entry(kernel=kernel, pid=member.actor.pid, box=box, masked=masked, channels=tuple(channels))

    def distributors(self, runs: Sequence[Run], shape: Sequence[int], word: str) -> None:
        """The distributors of chains that carry arrays of one shape."""
        limits = limits_in(runs, shape)
        for run in runs:
            chain = run.source
            for number, entry in enumerate(run.entries):
                ends = number == len(run.entries) - 1
                onward = () if ends else (self.channel(self.stream(word), (*run.pid, number + 1), self.element),)
                stage = Stage(limits=limits[entry.key(shape)], ends=ends)
                self.stage("to", entry, stage, shape, (chain, *onward, *entry.channels))
                chain = "".join(onward)

    def collectors(self, runs: Sequence[Run], shape: Sequence[int], word: str, *, valid: bool) -> list[tuple[str, ...]]:
        """The collectors of chains that carry arrays of one shape; what each gives the array to."""
        limits = limits_in(runs, shape)
        found = []
        for run in runs:
            chain: tuple[str, ...] = ()
            for number, entry in enumerate(run.entries):
                indices = (*run.pid, number)
                onward: tuple[str, ...] = (self.channel(self.stream(f"{word}result"), indices, self.element),)
                if valid:
                    onward += (self.channel(self.stream(f"{word}valid"), indices, bool_),)
                stage = Stage(limits=limits[entry.key(shape)], ends=number == 0, valid=valid, masked=entry.masked)
                with self.site.consumers:
                    self.stage("from", entry, stage, shape, (*chain, *onward, *entry.channels))
                chain = onward
            found.append(chain)
        return found

    def stage(self, word: str, entry: Entry, stage: Stage, shape: Sequence[int], channels: Sequence[str]) -> None:
        """The actor of a distributor or collector, at the insertion point."""
        key = (word, stage, entry.key(shape), tuple(shape))
        if key not in self.functions:
            mover, label = self.mover(shape), entry.kernel.rpartition(".")[2]
            make = mover.distributor if word == "to" else mover.collector
            with ir.InsertionPoint(self.site.module.body):
                self.functions[key] = make(self.site.names.new(f"{label}_0"), label, stage)
        values = [ir.IntegerAttr.get(ir.IndexType.get(), value) for value in stage.limits.values(entry.box)]
        declare_actor(self.functions[key], entry.kernel, entry.pid, values, channels, [])
        self.added.actors.append(element_name(entry.kernel, entry.pid))

    def share(self, member: Member, word: str, role: str, dtype: DType | None = None, *, ordered: bool = False) -> str:
        """The channel between a member and its stage; where elements come in order all of them have room in it."""
        depth = max(DEPTH, box_size(member.change.box)) if ordered and self.turns is None else DEPTH
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


def counts_of(box: Box) -> tuple[int, ...]:
    """How many indices a box has in each dimension."""
    return tuple(each.count for each in box)


def channels_of(entries: Sequence[Entry]) -> list[str]:
    """The channels of entries, one after the other."""
    return [channel for entry in entries for channel in entry.channels]


def limits_in(runs: Sequence[Run], shape: Sequence[int]) -> dict[object, Limits]:
    """The limits of the shares in chains, by what entries have in common whose stages have one function."""
    boxes: dict[object, list[Box]] = {}
    for run in runs:
        for entry in run.entries:
            boxes.setdefault(entry.key(shape), []).append(entry.box)
    return {key: limits_of(found, shape) for key, found in boxes.items()}


def limits_of(boxes: Sequence[Box], shape: Sequence[int]) -> Limits:
    """The limits of shares whose stages have one function."""
    dimensions: list[Bounds] = []
    for axis, extent in enumerate(shape):
        found = {box[axis] for box in boxes}
        if all(each.count == extent for each in found):
            dimensions.append(None)
            continue
        if len(found) > 1 and all(each.count == 1 for each in found):
            dimensions.append(SINGLE)
            continue
        firsts, lasts = {each.first for each in found}, {each.last for each in found}
        first, last = min(firsts) if len(firsts) == 1 else None, min(lasts) if len(lasts) == 1 else None
        dimensions.append((first, last, max((each.step for each in found if each.count > 1), default=1)))
    return Limits(dimensions=tuple(dimensions))
