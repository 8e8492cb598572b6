"""Timelines as value change dumps (IEEE 1364-2005, section 18), which waveform viewers such as GTKWave show.

A cycle is written as a nanosecond.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spatial.ir.graph import ActorGraph, Channel
from spatial.sim.timeline import Ended, Event, Iterated, Moved, Waited, Waits
from spatial.types.dtype import is_float
from spatial.types.tensor import TensorType
from spatial.viz.files import WholeFile

__all__ = ["ValueChanges"]

BUSY, INPUT, OUTPUT, DONE = range(4)
STATES = "state of an actor: 0 busy, 1 waits for input, 2 waits for output, 3 done"
FIRST, LAST = 33, 126  # the characters that names of variables are made of


@dataclass(slots=True)
class Wires:
    """The names of a channel's variables in the file, and how many tokens it holds."""

    fill: str
    put: str
    get: str
    value: str
    tokens: int = 0


@dataclass(slots=True)
class Activity:
    """The name of an actor's state in the file, and for how many tokens and rooms it waits."""

    state: str
    waits: list[int] = field(default_factory=lambda: [0, 0])
    done: bool = False

    def now(self) -> int:
        if self.done:
            return DONE
        return OUTPUT if self.waits[True] else INPUT if self.waits[False] else BUSY


class ValueChanges:
    """Writes a timeline as VCD: of each channel its fill, strobes of puts and gets and the value put last, of each
    actor its state, in scopes by region, kernel and position.
    """

    def __init__(self, file: WholeFile, graph: ActorGraph) -> None:
        self.file = file
        self.graph = graph
        names = map(_name, range(4 * len(graph.channels) + len(graph.actors)))
        self.wires = [Wires(next(names), next(names), next(names), next(names)) for _ in graph.channels]
        self.actors = [Activity(next(names)) for _ in graph.actors]
        self.cycle = self.stamped = 0
        self.changes: dict[str, str] = {}
        self.low: list[str] = []

    def restart(self) -> None:
        self.file.restart()
        self.cycle, self.stamped, self.changes, self.low = 0, 0, {}, []
        for wires, channel in zip(self.wires, self.graph.channels, strict=True):
            wires.tokens = len(channel.initial_tokens)
        self.actors = [Activity(actor.state) for actor in self.actors]
        self.file.write("\n".join(["$timescale 1 ns $end", f"$comment {STATES} $end", *self.scopes(), ""]))
        self.file.write("$enddefinitions $end\n#0\n$dumpvars\n")
        self.file.write("".join(f"{change}\n" for change in self.first()) + "$end\n")

    def scopes(self) -> Iterator[str]:
        yield f"$scope module {_word(self.graph.name)} $end"
        taken: set[str] = set()
        for stream, channels in _grouped([(channel.stream, channel) for channel in self.graph.channels]):
            yield f"$scope module {_unique(stream, taken)} $end"
            for number in channels:
                yield from self.channel_scope(self.graph.channels[number], self.wires[number])
            yield "$upscope $end"
        for kernel, actors in _grouped([(actor.kernel, actor) for actor in self.graph.actors]):
            yield f"$scope module {_unique(kernel, taken)} $end"
            for number in actors:
                position = "_".join(map(str, self.graph.actors[number].pid))
                yield f"$scope module p{position} $end"
                yield f"$var wire 2 {self.actors[number].state} state $end"
                yield "$upscope $end"
            yield "$upscope $end"
        yield "$upscope $end"

    def channel_scope(self, channel: Channel, wires: Wires) -> Iterator[str]:
        position = "_".join(map(str, channel.indices))
        yield f"$scope module c{position} $end"
        yield f"$var integer 32 {wires.fill} fill $end"
        yield f"$var wire 1 {wires.put} put $end"
        yield f"$var wire 1 {wires.get} get $end"
        if not isinstance(channel.element, TensorType):
            kind = "real 64" if is_float(channel.element) else f"wire {channel.element.bits}"
            yield f"$var {kind} {wires.value} value $end"
        yield "$upscope $end"

    def first(self) -> Iterator[str]:
        for wires, channel in zip(self.wires, self.graph.channels, strict=True):
            yield from (_bits(wires.tokens, wires.fill), f"0{wires.put}", f"0{wires.get}")
            if not isinstance(channel.element, TensorType) and not is_float(channel.element):
                yield f"bx {wires.value}"
        yield from (_bits(BUSY, actor.state) for actor in self.actors)

    def write(self, event: Event) -> None:
        self.reach(event.cycle)
        match event:
            case Moved():
                self.move(event, self.wires[event.channel])
            case Waits():
                self.wait(self.actors[event.actor], event.puts, 1)
            case Waited(open=False):
                self.wait(self.actors[event.actor], event.puts, -1)
            case Ended():
                self.actors[event.actor].done = True
                self.wait(self.actors[event.actor], True, 0)
            case Waited() | Iterated():
                pass

    def move(self, event: Moved, wires: Wires) -> None:
        wires.tokens += 1 if event.puts else -1
        strobe = wires.put if event.puts else wires.get
        self.changes[wires.fill] = _bits(wires.tokens, wires.fill)
        self.changes[strobe] = f"1{strobe}"
        self.low.append(strobe)
        if event.puts:
            self.show(self.graph.channels[event.channel], wires.value, event.value)

    def show(self, channel: Channel, name: str, value: object) -> None:
        match channel.element, value:
            case TensorType(), _:
                pass
            case element, int() | float() if is_float(element):
                self.changes[name] = f"r{float(value):.17g} {name}"
            case element, int():
                self.changes[name] = _bits(value & ((1 << element.bits) - 1), name)

    def wait(self, actor: Activity, puts: bool, by: int) -> None:
        actor.waits[puts] += by
        self.changes[actor.state] = _bits(actor.now(), actor.state)

    def reach(self, cycle: int) -> None:
        """Writes the changes of the cycle before, and that strobes last for one."""
        if cycle == self.cycle:
            return
        self.dump()
        lowered, self.low = self.low, []
        self.changes = {name: f"0{name}" for name in lowered}
        if self.changes and cycle > self.cycle + 1:
            self.cycle += 1
            self.dump()
            self.changes = {}
        self.cycle = cycle

    def dump(self) -> None:
        if self.changes:
            self.stamp()
            self.file.write("".join(f"{change}\n" for change in self.changes.values()))

    def stamp(self) -> None:
        """Writes the cycle, unless that has been done."""
        if self.stamped != self.cycle:
            self.file.write(f"#{self.cycle}\n")
            self.stamped = self.cycle

    def close(self, now: int) -> None:
        self.reach(max(now, self.cycle))
        self.dump()
        self.stamp()


def _grouped(pairs: Sequence[tuple[str, object]]) -> list[tuple[str, list[int]]]:
    """The positions of equal names, in order of the first."""
    found: dict[str, list[int]] = {}
    for number, (name, _) in enumerate(pairs):
        found.setdefault(name, []).append(number)
    return list(found.items())


def _name(number: int) -> str:
    """The shortest names there are, in order."""
    base, text = LAST - FIRST + 1, chr(FIRST + number % (LAST - FIRST + 1))
    while number := number // base:
        number -= 1
        text += chr(FIRST + number % base)
    return text


def _word(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_") or "_"


def _unique(name: str, taken: set[str]) -> str:
    """A word for a name that no other one has."""
    word = _word(name)
    while word in taken:
        word += "_"
    taken.add(word)
    return word


def _bits(value: int, name: str) -> str:
    return f"b{value:b} {name}"
