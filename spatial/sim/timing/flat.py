"""A process network as words in memory: agents and channels, their places, their programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.analysis.processes import Link, Process, ProcessNetwork, runs_freely, uses_of
from spatial.sim.timing.assembler import FOREVER, Program, Words
from spatial.sim.timing.bodies import Inner, Outer, Prepared, Within, prepare
from spatial.sim.timing.layout import AgentField, BookField, ChannelField

__all__ = ["AgentPlace", "Flat", "flatten", "words"]

LINE = 16  # words; nothing lies at offset 0
BOUNDLESS = 1 << 40
UNKNOWN = 1 << 20  # the depth of a link without bound that a process that runs freely puts into


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPlace:
    """An agent: whose it is, where it lies, the links of its ports by the place of the port in the agent."""

    process: int
    offset: int
    program: Program
    links: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """What does not change from run to run.

    `state` is the first stretch of a run's memory as it begins; addresses in it are offsets. Channel number n begins
    at `LINE * (n + 1)`: those of the links first, in order, then those within processes, `within`. `agents` are the
    first ones of all processes, in their order, then the others; `order` has the offsets in the order in which
    they are held. `books` tells where that of a process lies, if it has one. `code` has all programs; `most` is how
    many tokens are put into each link, `boundless` its depth if it has no bound, `counters` how deep loops nest.
    """

    network: ProcessNetwork
    links: Mapping[str, Link]
    state: Words
    within: Sequence[Within]
    agents: Sequence[AgentPlace]
    order: Words
    books: Mapping[int, int]
    code: Words
    most: Words
    boundless: Words
    counters: int


def words(count: int) -> Words:
    """Words that begin at a cache line."""
    room = np.zeros(count + LINE, np.int64)
    ahead = -(room.ctypes.data // 8) % LINE
    return room[ahead : ahead + count]


def flatten(network: ProcessNetwork) -> Flat:
    """Lays a network out."""
    return Layout(network).flat()


class Layout:
    """A network being laid out."""

    def __init__(self, network: ProcessNetwork) -> None:
        self.network = network
        self.number = {link.name: number for number, link in enumerate(network.links)}
        self.within: list[Within] = []
        self.code: list[int] = []
        self.places: dict[int, int] = {}
        self.bodies: dict[tuple[int, int, int], Prepared] = {}
        self.followers: dict[str, list[tuple[int, int]]] = {}
        for number, process in enumerate(network.processes):
            for position, name in enumerate(process.after):
                self.followers.setdefault(name, []).append((number, position))

    def flat(self) -> Flat:
        """Agents are numbered first, since channels tell of those at their ends."""
        prepared = [self.prepared(process) for process in self.network.processes]
        starts = self.starts()
        agents: list[tuple[int, int, Program, dict[int, int]]] = []
        later: list[tuple[int, int, Program, dict[int, int]]] = []
        for number, (process, body) in enumerate(zip(self.network.processes, prepared, strict=True)):
            base = len(self.network.links) + len(self.within)
            self.within += body.links
            for place, program in enumerate(body.programs):
                links = self.links(process, number, program, base, starts)
                (later if place else agents).append((number, place, program, links))
        channels = len(self.network.links) + len(self.within)
        offset, placed = LINE * (channels + 1), []
        for number, _, program, links in (*agents, *later):
            placed.append(AgentPlace(process=number, offset=offset, program=program, links=links))
            length = AgentField.FIRST + program.counters + len(program.ports)
            offset += -(-length // 8) * 8
        books = {}
        for number, body in enumerate(prepared):
            if body.room:
                books[number] = offset
                offset += BookField.FIRST + 4 * body.room
        state = words(offset)
        for number, body in enumerate(prepared):
            if body.room:
                state[books[number] + BookField.ROOM] = body.room
        most, boundless = self.tokens()
        flat = Flat(
            network=self.network,
            links={link.name: link for link in self.network.links},
            state=state,
            within=self.within,
            agents=placed,
            order=self.order(placed),
            books=books,
            code=self.code_words(placed),
            most=most,
            boundless=boundless,
            counters=max((place.program.counters for place in placed), default=0),
        )
        self.fill(flat)
        return flat

    def prepared(self, process: Process) -> Prepared:
        """The programs of a process; those that do the same share them."""
        key = (id(process.body), len(process.after), len(self.followers.get(process.name, ())))
        if key not in self.bodies:
            self.bodies[key] = prepare(*(process.body, *key[1:]))
        return self.bodies[key]

    def starts(self) -> dict[tuple[int, int], int]:
        """Channels that tell processes of the end of others, by process and the place in its `after`."""
        found = {}
        for number, process in enumerate(self.network.processes):
            for position in range(len(process.after)):
                found[number, position] = len(self.network.links) + len(self.within)
                wait = Within(depth=1, places=1, read_after_write=process.handoff, write_after_read=0)
                self.within.append(wait)
        return found

    def links(
        self, process: Process, number: int, program: Program, base: int, starts: Mapping[tuple[int, int], int]
    ) -> dict[int, int]:
        """The channels of a program's ports, by their places."""
        found = {}
        followers = self.followers.get(process.name, [])
        for place, port in enumerate(program.ports, start=AgentField.FIRST + program.counters):
            match port:
                case Inner(number=inner):
                    found[place] = base + inner
                case Outer(number=position, role="start"):
                    found[place] = starts[number, position]
                case Outer(number=position, role="end"):
                    found[place] = starts[followers[position]]
                case Outer(number=position):
                    found[place] = self.number[process.links[position]]
        return found

    def order(self, placed: Sequence[AgentPlace]) -> Words:
        """The agents' offsets, those that get nothing first: whoever is held at them holds back the others."""
        readers = {link.reader for link in self.network.links if not link.initial}
        fed = [self.network.processes[place.process].name in readers for place in placed]
        ranks = sorted(range(len(placed)), key=lambda number: (number >= len(self.network.processes), fed[number]))
        return np.array([placed[number].offset for number in ranks], np.int64)

    def code_words(self, placed: Sequence[AgentPlace]) -> Words:
        """All programs, one after the other."""
        parts: list[Words] = []
        length = 0
        for place in placed:
            if id(place.program) not in self.places:
                self.places[id(place.program)] = length
                parts.append(place.program.words)
                length += len(place.program.words)
        return np.concatenate(parts) if parts else words(0)

    def tokens(self) -> tuple[Words, Words]:
        """How many tokens are put into each link at most, and a depth for one that is not bounded."""
        processes = {process.name: process for process in self.network.processes}
        uses = {id(process.body): uses_of(process.body) for process in self.network.processes}
        most, boundless = [], []
        for link in self.network.links:
            totals = []
            for name, puts in ((link.writer, True), (link.reader, False)):
                process = processes[name]
                ports = [n for n, each in enumerate(process.links) if each == link.name]
                total = sum(uses[id(process.body)].get((port, puts), 0) for port in ports)
                totals.append(FOREVER if runs_freely(process) else total + link.initial)
            most.append(max(1, totals[0]))
            boundless.append(BOUNDLESS if totals[0] < FOREVER else min(totals[1] + 1, UNKNOWN))
        return np.array(most, np.int64), np.array(boundless, np.int64)

    def fill(self, flat: Flat) -> None:
        """Writes what each run begins with."""
        code = flat.code.ctypes.data
        ends: dict[tuple[int, bool], set[int]] = {}
        for place in flat.agents:
            agent = flat.state[place.offset :]
            agent[AgentField.CODE] = code + 8 * self.places[id(place.program)]
            agent[AgentField.COUNTERS] = place.program.counters
            agent[AgentField.OFFSET] = place.offset
            agent[AgentField.BOOK] = flat.books.get(place.process, 0)
            for where, channel in place.links.items():
                agent[where] = LINE * (channel + 1)
            for channel, puts in _used(place):
                ends.setdefault((channel, puts), set()).add(place.offset)
        for (channel, puts), offsets in ends.items():
            field = ChannelField.PUTTER if puts else ChannelField.GETTER
            if len(offsets) == 1:
                flat.state[LINE * (channel + 1) + field] = next(iter(offsets))
        for number, link in enumerate(self.network.links):
            at = LINE * (number + 1)
            flat.state[at + ChannelField.PUTS] = flat.state[at + ChannelField.MOST] = link.initial
        for number, inner in enumerate(self.within, start=len(self.network.links)):
            at = LINE * (number + 1)
            flat.state[at + ChannelField.DEPTH] = inner.depth
            flat.state[at + ChannelField.KEPT] = 1
            flat.state[at + ChannelField.READ_AFTER_WRITE] = inner.read_after_write
            flat.state[at + ChannelField.WRITE_AFTER_READ] = inner.write_after_read


def _used(place: AgentPlace) -> set[tuple[int, bool]]:
    """The ends of channels that an agent uses."""
    return {(place.links[where], puts) for where, puts in place.program.ends}
