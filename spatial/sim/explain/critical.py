"""Walks back from the last event of a run what each event waited for: that path is as long as the run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spatial.ir.graph import ActorGraph, Channel
from spatial.sim.reference.network import Network
from spatial.sim.sizing.evaluator import Depths, Stamps
from spatial.source.span import Span

__all__ = ["Critical", "Crossing", "critical_path"]

STEPS = 50_000  # of the path, from the end of the run on
HALF = 0.5
RARE = 0.2  # of the most frequent crossing; what is crossed more rarely belongs to the start or the end of the run

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A wait on the path: `actor` waited at `span` for a token of `channel` or, if it `puts`, for a free slot."""

    actor: str
    channel: str
    puts: bool
    times: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Critical:
    """What a run's last cycles hang on: of `cycles` on the path `own` belong to each actor itself.

    An `actor` that has at least half of them is the slowest one; if there is none, actors wait for each other:
    `crossings` are the waits that return, each with its line. Shorter stages of the slowest actor make the run
    shorter, or more depth of the `full` channels, or neither where tokens are what is waited for.
    """

    cycles: int
    own: Mapping[str, int]
    actor: str | None
    crossings: tuple[Crossing, ...]

    @property
    def full(self) -> tuple[str, ...]:
        """The channels that are waited for a free slot of."""
        return tuple(dict.fromkeys(crossing.channel for crossing in self.crossings if crossing.puts))

    def __str__(self) -> str:
        if self.actor is not None:
            share = f"{self.own[self.actor]} of the last {self.cycles} cycles are its own"
            return f"limited by `{self.actor}`: {share}{self._pace()}"
        waits = "; ".join(
            f"`{each.actor}` waits {'for a slot' if each.puts else 'for a token'} of `{each.channel}` "
            f"(line {each.span.line}, {each.times} times)"
            for each in self.crossings
        )
        return f"limited by waits for each other: {waits}" if waits else "nothing waits for anything"

    def _pace(self) -> str:
        """Who waits for the slowest actor."""
        waiting = [each for each in self.crossings if each.actor != self.actor]
        return f"; `{waiting[0].actor}` waits for it at line {waiting[0].span.line}" if waiting else ""


class Events:
    """The puts and gets of one actor in the order of time: channels by number, sides, and which of the channel's."""

    def __init__(self, parts: list[tuple[int, bool, Numbers]]) -> None:
        empty = np.zeros(0, np.int64)
        times = np.concatenate([empty, *(cycles for _, _, cycles in parts)])
        order = np.argsort(times, kind="stable")
        self.times = times[order]
        self.channel = np.concatenate([empty, *(np.full(len(c), number) for number, _, c in parts)])[order]
        self.puts = np.concatenate([empty, *(np.full(len(c), puts) for _, puts, c in parts)])[order]
        self.count = np.concatenate([empty, *(np.arange(len(c)) for _, _, c in parts)])[order]


class Walk:
    """A walk back through the events of a run."""

    def __init__(self, network: Network, depths: Depths, stamps: Mapping[str, Stamps]) -> None:
        graph, device = network.graph, network.device
        self.channels = graph.channels
        paces = {name: frozenset(loop.ii for loop in loops.values()) | {1} for name, loops in network.timings.items()}
        self.paces = {actor.name: paces[actor.function] for actor in graph.actors}
        self.depths = depths
        self.stamps = [stamps[channel.name] for channel in graph.channels]
        self.timings = [device.fifo(depths[c.name], c.element.bits, c.storage) for c in graph.channels]
        parts: dict[str, list[tuple[int, bool, Numbers]]] = {actor.name: [] for actor in graph.actors}
        for number, channel in enumerate(graph.channels):
            if channel.writer and channel.reader:
                parts[channel.writer.actor].append((number, True, self.stamps[number].puts))
                parts[channel.reader.actor].append((number, False, self.stamps[number].gets))
        self.events = {name: Events(found) for name, found in parts.items()}
        self.own: Counter[str] = Counter()
        self.crossed: Counter[tuple[str, int, bool]] = Counter()

    def go(self, ends: Mapping[str, int]) -> int:
        """Walks from the end of the actor that ended last; the cycles walked."""
        actor = max(ends, key=lambda name: ends[name])
        now = start = ends[actor]
        for _ in range(STEPS):
            times = self.events[actor].times
            last = int(np.searchsorted(times, now, side="right")) - 1
            if last < 0:
                self.own[actor] += now
                return start
            at = int(times[last])
            if at < now:
                self.own[actor] += now - at
                now = at
            found = None if self.keeps_pace(actor, last, now) else self.waited(actor, last, now)
            if found is None:
                before = int(np.searchsorted(times, now, side="left")) - 1
                then = int(times[before]) if before >= 0 else 0
                self.own[actor] += now - then
                if before < 0:
                    return start
                now = then
                continue
            actor, now = found
        return start - now

    def keeps_pace(self, actor: str, last: int, now: int) -> bool:
        """Whether an end of a channel is used in a cycle as soon after the last time as a loop of the actor allows."""
        events = self.events[actor]
        while last >= 0 and events.times[last] == now:
            stamps, count = self.stamps[events.channel[last]], int(events.count[last])
            cycles = stamps.puts if events.puts[last] else stamps.gets
            if count and now - int(cycles[count - 1]) in self.paces[actor]:
                return True
            last -= 1
        return False

    def waited(self, actor: str, last: int, now: int) -> tuple[str, int] | None:
        """Who an event of an actor in a cycle waited for, and the cycle of what it waited for."""
        events = self.events[actor]
        while last >= 0 and events.times[last] == now:
            number, puts, count = int(events.channel[last]), bool(events.puts[last]), int(events.count[last])
            cause = self.cause(number, puts=puts, count=count)
            channel = self.channels[number]
            if cause is not None and cause[1] == now:
                self.crossed[actor, number, puts] += 1
                partner = channel.reader if puts else channel.writer
                assert partner is not None
                return partner.actor, cause[0]
            last -= 1
        return None

    def cause(self, number: int, *, puts: bool, count: int) -> tuple[int, int] | None:
        """The cycle of what a put or a get needs, and that from which it could happen."""
        channel, stamps, timing = self.channels[number], self.stamps[number], self.timings[number]
        initial = len(channel.initial_tokens)
        if puts:
            needed = count + initial - self.depths[channel.name]
            return None if needed < 0 else _after(stamps.gets, needed, timing.write_after_read)
        needed = count - initial
        return None if needed < 0 else _after(stamps.puts, needed, timing.read_after_write)


def critical_path(network: Network, depths: Depths, stamps: Mapping[str, Stamps], ends: Mapping[str, int]) -> Critical:
    """The path from the end of a run back; `ends` has the cycle in which each actor did its last."""
    walk = Walk(network, depths, stamps)
    cycles = walk.go(ends)
    slowest = max(walk.own, key=lambda name: walk.own[name], default=None)
    most = max(walk.crossed.values(), default=0)
    crossings = [
        _crossing(network.graph, actor, network.graph.channels[number], puts=puts, times=times)
        for (actor, number, puts), times in walk.crossed.most_common()
        if times >= RARE * most
    ]
    is_slow = slowest is not None and walk.own[slowest] >= HALF * cycles
    return Critical(cycles=cycles, own=walk.own, actor=slowest if is_slow else None, crossings=tuple(crossings))


def _after(cycles: Numbers, number: int, latency: int) -> tuple[int, int] | None:
    if number >= len(cycles):
        return None
    at = int(cycles[number])
    return at, at + latency


def _crossing(graph: ActorGraph, actor: str, channel: Channel, *, puts: bool, times: int) -> Crossing:
    port = channel.writer if puts else channel.reader
    assert port is not None, "what is used has two ends"
    end = graph.specializations[graph.actor[actor].function].ends[port.position]
    spans = end.puts if puts else end.gets
    return Crossing(actor=actor, channel=channel.name, puts=puts, times=times, span=spans[0] if spans else channel.span)
