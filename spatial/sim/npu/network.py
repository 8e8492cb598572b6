"""Makes a process network of a placed design: cores, channels of DMA, and the runtime sequence."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spatial.analysis.extraction import FunctionBodies
from spatial.analysis.processes import Body, Delay, Link, Operation, Process, ProcessNetwork, Repeat, Step
from spatial.device.model import Device
from spatial.device.npu import Npu
from spatial.ir.function import kernels
from spatial.ir.graph import Actor
from spatial.lower.aie.design import Fifo, Kind, Mapped, Placement
from spatial.lower.aie.emit.sequence import Step as Instruction
from spatial.lower.aie.emit.tasks import Task
from spatial.sim.npu.bodies import Ports, core_bodies, locked, one
from spatial.sim.npu.memory import object_cycles

__all__ = ["CONTROLLER", "design_network", "moving"]

CONTROLLER = "runtime sequence"
EXACT = 1e-6
CYCLE = Device(
    name="npu", title="locks", register_bits=1 << 62, register_latency=1, memory_latency=1, release_latency=1
)


def design_network(
    mapped: Mapped,
    placement: Placement,
    device: Npu,
    sequence: Sequence[Instruction],
    scalars: Mapping[str, int],
    *,
    at_once: bool = False,
) -> ProcessNetwork:
    """The network of a placed design, in cycles of the array.

    A process for each core, by the name of its node, for each fifo that DMA carries, by its name, and one for the
    runtime sequence. A buffer is two links: of what is full, and of what is free. `at_once` cores release what they get
    at once. Raises `NotDecided` where only the values tell how often a core uses its channels.
    """
    host = frozenset(transfer.fifo for transfer in mapped.transfers)
    building = Building(mapped, placement, device, host, at_once)
    building.buffers()
    for fifo in mapped.fifos:
        if fifo.name not in placement.memory_of:
            building.stream(fifo, sequence)
    building.cores(scalars)
    building.controller(sequence)
    return ProcessNetwork(
        name=mapped.name, processes=tuple(building.processes), links=tuple(building.links.values()), device=CYCLE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """Objects at one end of a fifo: a process fills them, another empties them."""

    name: str
    writer: str
    reader: str

    @property
    def full(self) -> str:
        """The link of objects to be read."""
        return f"{self.name} full"

    @property
    def free(self) -> str:
        """The link of places to be written."""
        return f"{self.name} free"


@dataclass(slots=True)
class Building:
    """A network being built.

    `host` are the fifos with an end there, `writes` and `reads` the buffers at the ends of each that DMA carries,
    `gets` and `puts` those of a core and a fifo.
    """

    mapped: Mapped
    placement: Placement
    device: Npu
    host: frozenset[str]
    at_once: bool = False
    links: dict[str, Link] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)
    writes: dict[str, list[Buffer]] = field(default_factory=dict)
    reads: dict[str, list[Buffer]] = field(default_factory=dict)
    gets: dict[tuple[str, str], Buffer] = field(default_factory=dict)
    puts: dict[tuple[str, str], Buffer] = field(default_factory=dict)

    # Buffers

    def buffers(self) -> None:
        """Those of cores, then those of links in memory tiles."""
        for fifo in self.mapped.fifos:
            self.fifo_buffers(fifo)
        for link in self.mapped.links:
            for source in link.sources:
                for target in link.targets:
                    depth = self.end_at(self.mapped.fifo[source], link.node)
                    made = self.buffer(f"{link.node}: {source} to {target}", moving(source), moving(target), depth)
                    self.writes.setdefault(source, []).append(made)
                    self.reads.setdefault(target, []).append(made)

    def fifo_buffers(self, fifo: Fifo) -> None:
        producer = fifo.producer.node
        shared = fifo.name in self.placement.memory_of
        if self.is_core(producer):
            reader = fifo.consumers[0].node if shared else moving(fifo.name)
            begins = len(fifo.initial) // math.prod(fifo.shape)
            depth = max(fifo.producer.depth, begins)
            made = self.buffer(f"{fifo.name} of {producer}", producer, reader, depth, begins)
            self.puts[producer, fifo.name] = made
            self.reads.setdefault(fifo.name, []).append(made)
            if shared:
                self.gets[reader, fifo.name] = made
        for end in () if shared else fifo.consumers:
            if self.is_core(end.node):
                made = self.buffer(f"{fifo.name} at {end.node}", moving(fifo.name), end.node, end.depth)
                self.gets[end.node, fifo.name] = made
                self.writes.setdefault(fifo.name, []).append(made)

    def buffer(self, name: str, writer: str, reader: str, depth: int, begins: int = 0) -> Buffer:
        """A buffer that `begins` with so many full objects."""
        made = Buffer(name=name, writer=writer, reader=reader)
        self.link(made.full, writer, reader, depth, initial=begins)
        self.link(made.free, reader, writer, depth, initial=depth - begins)
        return made

    def link(self, name: str, writer: str, reader: str, depth: int, initial: int = 0) -> None:
        self.links[name] = Link(name=name, writer=writer, reader=reader, depth=depth, bits=1, initial=initial)

    def end_at(self, fifo: Fifo, node: str) -> int:
        return max((end.depth for end in fifo.ends if end.node == node), default=2)

    def is_core(self, node: str) -> bool:
        return self.mapped.node[node].kind is Kind.CORE

    # Streams

    def stream(self, fifo: Fifo, sequence: Sequence[Instruction]) -> None:
        """The channels at both ends of a fifo, and the way between them: object after object."""
        ports = Numbering()
        cycles = math.ceil(math.prod(fifo.shape) * fifo.element.bits / 8 / self.device.bytes_per_cycle)
        if fifo.name not in self.host:
            body: list[Step] = [Delay(cycles=self.way(fifo)), self.objects(fifo, ports, cycles, fifo.objects)]
        else:
            tasks = [step.task for step in sequence if step.task is not None and step.task.fifo == fifo.name]
            body = [step for task in tasks for step in self.task(fifo, ports, cycles, task)]
        self.processes.append(Process(name=moving(fifo.name), body=tuple(body), links=tuple(ports.names)))

    def task(self, fifo: Fifo, ports: "Numbering", cycles: int, task: Task) -> list[Step]:
        """A queued transfer: it is fetched, memory answers, objects move, its end is told."""
        begin, end = ports.of(_queue(fifo.name)), ports.of(_ends(fifo.name))
        walk = task.piece[1]
        memory = object_cycles(fifo, walk, self.device, len(self.host))
        count = _whole(fifo.objects * task.ends) - _whole(fifo.objects * task.begins)
        steps: list[Step] = [
            one([Operation(port=begin, puts=False)]),
            Delay(cycles=self.device.times.host + self.way(fifo)),
            self.objects(fifo, ports, max(cycles, memory), count),
        ]
        return [*steps, one([Operation(port=end, puts=True)])] if task.token else steps

    def objects(self, fifo: Fifo, ports: "Numbering", cycles: int, count: int) -> Repeat:
        """Objects one after the other: each waits for all that it comes from and all places that it goes to."""
        sources, targets = self.reads.get(fifo.name, []), self.writes.get(fifo.name, [])
        takes = [*(each.full for each in sources), *(each.free for each in targets)]
        gives = [*(each.free for each in sources), *(each.full for each in targets)]
        time = max(1, cycles + self.device.times.descriptor - 2)
        return Repeat(
            count=count,
            body=(
                one([Operation(port=ports.of(name), puts=False) for name in takes]),
                Delay(cycles=time),
                one([Operation(port=ports.of(name), puts=True) for name in gives]),
            ),
        )

    def way(self, fifo: Fifo) -> int:
        """The cycles from the first tile to the last."""
        lengths = [len(route.tiles) for route in self.placement.routes if route.fifo == fifo.name]
        return self.device.times.hop * max(lengths, default=1)

    # Cores

    def cores(self, scalars: Mapping[str, int]) -> None:
        functions = {function.name.value: function for function in kernels(self.mapped.module)}
        known: dict[str, FunctionBodies] = {}
        for node in self.mapped.nodes:
            if node.kind is not Kind.CORE:
                continue
            actor = self.mapped.graph.actor[node.actor]
            if actor.function not in known:
                given = frozenset[int]()
                known[actor.function] = core_bodies(
                    functions[actor.function], len(actor.values), self.device, scalars, given, timed=not self.at_once
                )
            self.core(node.name, actor, known[actor.function].of(actor))

    def core(self, node: str, actor: Actor, body: Body) -> None:
        """A core's process: its channels become locks of buffers; channels of one fifo are one."""
        ports = Numbering()
        acquires: dict[int, int] = {}
        releases: dict[int, int] = {}
        seen: set[tuple[str, bool]] = set()
        for place, channel in enumerate(actor.channels):
            fifo = self.mapped.fifo_of_channel[channel].name
            for buffers, puts in ((self.gets, False), (self.puts, True)):
                made = buffers.get((node, fifo))
                if made is None or puts != self.writes_to(actor, channel) or (fifo, puts) in seen:
                    continue
                seen.add((fifo, puts))
                acquires[place] = ports.of(made.free if puts else made.full)
                releases[place] = ports.of(made.full if puts else made.free)
        found = locked(body, Ports(acquires=acquires, releases=releases), self.device.times.lock, at_once=self.at_once)
        self.processes.append(Process(name=node, body=found, links=tuple(ports.names)))

    def writes_to(self, actor: Actor, channel: str) -> bool:
        writer = self.mapped.graph.channel[channel].writer
        return writer is not None and writer.actor == actor.name

    # The runtime sequence

    def controller(self, sequence: Sequence[Instruction]) -> None:
        ports = Numbering()
        issue = round(self.device.times.issue_us * self.device.mhz)
        told = round(self.device.times.await_us * self.device.mhz)
        body: list[Step] = []
        for name in self.host:
            ends = sum(step.task is not None and step.task.token and step.fifo == name for step in sequence)
            self.link(_queue(name), CONTROLLER, moving(name), self.device.queue)
            self.link(_ends(name), moving(name), CONTROLLER, max(1, ends))
        for step in sequence:
            if step.task is not None:
                body += [Delay(cycles=issue), one([Operation(port=ports.of(_queue(step.fifo)), puts=True)])]
            else:
                body += [one([Operation(port=ports.of(_ends(step.fifo)), puts=False)]), Delay(cycles=told)]
        self.processes.append(Process(name=CONTROLLER, body=tuple(body), links=tuple(ports.names)))


class Numbering:
    """Ports of a process, numbered as they are used."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def of(self, name: str) -> int:
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)


def moving(fifo: str) -> str:
    """The process that moves the objects of a fifo."""
    return f"{fifo} moving"


def _whole(objects: float) -> int:
    """How many objects are whole by then."""
    return math.floor(objects + EXACT)


def _queue(fifo: str) -> str:
    return f"{fifo} tasks"


def _ends(fifo: str) -> str:
    return f"{fifo} ends"
