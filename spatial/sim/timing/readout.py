"""Reads off what a run of the timing engine leaves in memory."""

from collections.abc import Mapping

import networkx
import numpy as np

from spatial.analysis.processes import runs_freely
from spatial.sim.timing.assembler import FOREVER, Use, Words
from spatial.sim.timing.flat import LINE, Flat
from spatial.sim.timing.flight import last_event
from spatial.sim.timing.layout import (
    SLOT_WORDS,
    AgentField,
    BookField,
    ChannelField,
    LogField,
    RunField,
    SlotField,
    StepField,
)
from spatial.sim.timing.timing import Leap, Timing, Wait

__all__ = ["Readout"]


class Readout:
    """The memory of a run in which nobody can go on."""

    def __init__(self, flat: Flat, state: Words, rings: Words) -> None:
        self.flat = flat
        self.state = state
        self.rings = rings
        count = len(flat.network.processes)
        self.starts = np.array([place.offset for place in flat.agents], np.int64)
        self.first = self.starts[:count]
        self.done = state[self.first + AgentField.DONE] != 0
        self.channels = state[LINE : LINE * (len(flat.most) + len(flat.within) + 1)].reshape(-1, LINE)
        self.uses = self.blocked()
        self.waits = self.waiting()
        self.now = self.latest()
        self.deadlocked = self.deadlock()

    def timing(self, run: Words, log: Words) -> Timing:
        """All figures."""
        end = np.where(self.done, self.state[self.first + AgentField.CLOCK], self.now)
        input_, output = self.stalls()
        left = (
            self.channels[: len(self.flat.most), ChannelField.PUTS]
            - self.channels[: len(self.flat.most), ChannelField.GETS]
        )
        full, empty = self.fills(left)
        entries = log.reshape(-1, len(LogField))[: int(run[RunField.LOGGED])].tolist()
        return Timing(
            cycles=self.cycles(),
            now=self.now,
            deadlock=self.deadlocked,
            done=np.where(self.done, end, -1),
            busy=end - input_ - output,
            stalled_input=input_,
            stalled_output=output,
            tokens=self.channels[: len(left), ChannelField.GETS].copy(),
            left=left,
            high_water=np.maximum(self.channels[: len(left), ChannelField.MOST], left),
            cycles_full=full,
            cycles_empty=empty,
            waits=self.waits,
            leaps=tuple(Leap(begin=a, end=a + period * count, period=period) for a, period, count in entries),
            skipped=int(run[RunField.SKIPPED]),
        )

    def blocked(self) -> Mapping[int, tuple[Use, int]]:
        """What the agents that have not ended wait with, by number, each with the cycle it has come to."""
        found = {}
        standing = self.state[self.starts + AgentField.BLOCKED]
        for number in np.flatnonzero(standing * (self.state[self.starts + AgentField.DONE] == 0)).tolist():
            place = self.flat.agents[number]
            use = place.program.origins[int(standing[number]) - 1]
            found[number] = use, int(self.state[place.offset + AgentField.AT])
        return found

    def waiting(self) -> tuple[Wait, ...]:
        """What processes wait for, in the order of the program, each in the order in which it began to wait."""
        found = []
        for number, (use, at) in self.uses.items():
            if use.operation is not None:
                process, sooner = self.flat.agents[number].process, self.sooner(number)
                held = tuple(each.operation for each, _ in sooner if each.operation is not None)
                found.append(Wait(process=process, operation=use.operation, since=at, held=held))
        return tuple(sorted(found, key=lambda wait: (wait.process, wait.since, -wait.operation.stage)))

    def latest(self) -> int:
        """The cycle after which nothing happens."""
        clocks = [0, *(wait.since for wait in self.waits)]
        if self.done.any():
            clocks.append(int(self.state[self.first + AgentField.CLOCK][self.done].max()))
        for number, (use, _) in self.uses.items():
            if number < len(self.first) and use.pipeline is not None:
                clocks.append(last_event(self.flat.agents[number], use, self.state, self.rings))
        return max(clocks)

    def cycles(self) -> int:
        """The cycles of the run."""
        if self.deadlocked:
            return self.now
        since = [wait.since for wait in self.waits]
        done = self.state[self.first + AgentField.CLOCK][self.done]
        return max([int(done.max(initial=0)), *since])

    def deadlock(self) -> bool:
        """Whether somebody waits who is not there to serve others only, or such ones wait for each other."""
        standing = np.flatnonzero(~self.done).tolist()
        rounds = self.state[self.first + AgentField.FIRST]
        free = all(runs_freely(self.flat.network.processes[n]) and rounds[n] > FOREVER // 2 for n in standing)
        return not free or bool(standing and self.stuck())

    def stuck(self) -> bool:
        """Whether processes that run freely wait in a circle in which one cannot put."""
        graph: networkx.DiGraph[str] = networkx.DiGraph()
        puts = []
        for wait in self.waits:
            process = self.flat.network.processes[wait.process]
            link = self.flat.links[process.links[wait.operation.port]]
            edge = process.name, link.reader if wait.operation.puts else link.writer
            graph.add_edge(*edge)
            puts += [edge] if wait.operation.puts else []
        component = {name: n for n, group in enumerate(networkx.strongly_connected_components(graph)) for name in group}
        return any(component[a] == component[b] for a, b in puts)

    def stalls(self) -> tuple[Words, Words]:
        """How long each process waited for input only, and how long for output."""
        input_ = self.state[self.first + AgentField.STALLED_INPUT]
        output = self.state[self.first + AgentField.STALLED_OUTPUT]
        waits: dict[int, list[Wait]] = {}
        for wait in self.waits:
            waits.setdefault(wait.process, []).append(wait)
        partly = self.partly()
        for process in {*waits, *self.flat.books}:
            intervals = [(wait.operation.puts, wait.since, self.now) for wait in waits.get(process, ())]
            intervals += partly.get(process, ())
            both, puts = 0, 0
            if process in self.flat.books:
                book = self.state[self.flat.books[process] :]
                intervals += _open(book)
                both, puts = int(book[BookField.ANY]), int(book[BookField.OUTPUT])
            puts += _covered([(a, b) for is_put, a, b in intervals if is_put])
            both += _covered([(a, b) for _, a, b in intervals])
            output[process] += puts
            input_[process] += both - puts
        return input_, output

    def partly(self) -> dict[int, list[tuple[bool, int, int]]]:
        """How long processes waited for operations that can happen, but for others of their stage."""
        found: dict[int, list[tuple[bool, int, int]]] = {}
        for number, (use, _) in self.uses.items():
            place = self.flat.agents[number]
            now = int(self.state[place.offset + AgentField.CLOCK])
            for each, channel in self.sooner(number) if use.operation else ():
                when = self.ready(channel, puts=each.puts)
                if when > now and each.operation:
                    found.setdefault(place.process, []).append((each.puts, now, when))
                now = max(now, when)
        return found

    def sooner(self, number: int) -> list[tuple[Use, int]]:
        """What an agent that waits does not wait for any more in the same step, and the channels."""
        place = self.flat.agents[number]
        agent = self.state[place.offset :]
        first = int(agent[AgentField.PC]) + StepField.OPERATIONS
        places = range(first, int(agent[AgentField.BLOCKED]) - 1)
        ports = (int(place.program.words[where]) >> 1 for where in places)
        return [(place.program.origins[where], place.links[port]) for where, port in zip(places, ports, strict=True)]

    def ready(self, number: int, *, puts: bool) -> int:
        """From when the next put or get of a channel can happen, which is known."""
        channel = self.channels[number]
        token = int(channel[ChannelField.PUTS] - channel[ChannelField.DEPTH] if puts else channel[ChannelField.GETS])
        if token < 0:
            return 0
        slot = int(channel[ChannelField.RING_AT]) + (token & int(channel[ChannelField.MASK])) * SLOT_WORDS
        if puts:
            return int(self.rings[slot + SlotField.GET] + channel[ChannelField.WRITE_AFTER_READ])
        return int(self.rings[slot + SlotField.PUT] + channel[ChannelField.READ_AFTER_WRITE])

    def fills(self, left: Words) -> tuple[Words, Words]:
        """How long each link was full, and how long empty."""
        own = self.channels[: len(left)]
        puts, gets = own[:, ChannelField.PUTS], own[:, ChannelField.GETS]
        put = self.rings[own[:, ChannelField.RING_AT] + ((puts - 1) & own[:, ChannelField.MASK]) * SLOT_WORDS]
        get = own[:, ChannelField.RING_AT] + ((gets - 1) & own[:, ChannelField.MASK]) * SLOT_WORDS + SlotField.GET
        full = np.where(left == own[:, ChannelField.DEPTH], self.now - np.maximum(put, 0), 0)
        empty = np.where(left == 0, self.now - np.where(gets > 0, self.rings[get], 0), 0)
        return own[:, ChannelField.FULL] + full, own[:, ChannelField.EMPTY] + empty


def _open(book: Words) -> list[tuple[bool, int, int]]:
    """The intervals that are not booked yet."""
    behind = BookField.FIRST + 2 * int(book[BookField.ROOM])
    outputs = book[BookField.FIRST :][: 2 * int(book[BookField.OUTPUT_COUNT])].reshape(-1, 2).tolist()
    every = book[behind:][: 2 * int(book[BookField.ANY_COUNT])].reshape(-1, 2).tolist()
    return [*((True, a, b) for a, b in outputs), *((False, a, b) for a, b in every)]


def _covered(intervals: list[tuple[int, int]]) -> int:
    """How many cycles lie in at least one interval."""
    total, reached = 0, 0
    for begin, end in sorted(intervals):
        total += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return total
