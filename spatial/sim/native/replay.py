"""Runs single actors of a native run again on the reference engine, to see their local variables.

What an actor does follows from the tokens it meets and when, for no two actors touch the same memory but where tokens
order it. So one that is fed by its partners' tokens in their cycles comes to stand where it stood.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import simpy

from spatial.ir.graph import Actor, ActorGraph, Channel
from spatial.lower.llvm.layout import NEVER
from spatial.sim.faults import Fault
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.engine import NativeRun
from spatial.sim.native.rounds import AGAIN
from spatial.sim.numbers import Numbers
from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.calls import CallMemory, stateful
from spatial.sim.reference.channel import BEFORE, Fifo
from spatial.sim.reference.engine import Ending, Outcome, Run
from spatial.sim.reference.memory import FreeMemory
from spatial.sim.reference.network import Network

__all__ = ["Replay", "replay_of"]

MANY = 1 << 20  # tokens; more are noted for the actors that are asked about only
Values = Mapping[str, Sequence[object]]
Steps = Generator[simpy.Event, None, None]


@dataclass(frozen=True, slots=True)
class Traffic:
    """The tokens of a channel: each put with its cycle and value, and the cycles of the gets."""

    puts: Sequence[tuple[int, object]]
    gets: Sequence[int]


@dataclass(slots=True)
class Replay:
    """The actors of a native run that left an `outcome`; `memory` is what it was given, which it copies.

    `program` makes the code that notes tokens. The run stopped before the cycle `until`, if that is given.
    """

    program: Callable[[], NativeProgram]
    depths: Mapping[str, int]
    memory: Values
    outcome: Outcome
    calls: int
    until: int | None
    states: dict[str, ActorState] = field(default_factory=dict)
    noted: dict[str, Traffic] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.memory = {
            name: values.copied() if isinstance(values, Numbers) else list(values)
            for name, values in self.memory.items()
        }

    def state(self, name: str) -> ActorState:
        """An actor as it stood on the reference engine."""
        if name not in self.states:
            program = self.program()
            group = group_of(program.network.graph, program.ordered, name)
            part = part_of(program.network, group)
            ends = [channel.name for channel in part.graph.channels]
            self.note(program, ends)
            self.states |= self.ran(part, name)
        return self.states[name]

    def work(self, name: str) -> int:
        """About how many steps it takes to run an actor again."""
        fifos = self.outcome.fifos
        return int(self.outcome.actors[name].busy) + sum(
            fifos[channel].puts for channel in self.program().network.graph.actor[name].channels
        )

    def ran(self, part: Network, name: str) -> Mapping[str, ActorState]:
        """Runs some actors as far as they came; the one that failed up to where it did, if that is asked about."""
        failure = self.outcome.failure
        fails = failure is not None and failure.actor == name and not failure.other_actor
        given = {own.name: own.values for own in part.graph.memories} | {
            name: values for name, values in self.memory.items() if any(name in a.arrays for a in part.graph.actors)
        }
        run = Run(part, self.depths, given, frozenset(), ordered=False, calls=self.calls)
        run.memory = CallMemory(given, stateful(part.graph), part.shared, FreeMemory)
        for channel in part.graph.channels:
            self.attach(run, channel)
        for state in run.actors.values():
            state.limit = float("inf") if self.until is None else self.until
        try:
            cut = self.outcome.ending in (Ending.STOPPED, Ending.INTERRUPTED, Ending.FAILED) and not fails
            while (cycle := run.environment.peek()) < self.outcome.now or (cycle == self.outcome.now and not cut):
                run.environment.step()
        except Fault as fault:
            run.actors[fault.actor].names = fault.names
        others = run.actors.keys() - {failure.actor if failure else ""}
        return {each: run.actors[each] for each in ({name} if fails else {*others, name})}

    def attach(self, run: Run, channel: Channel) -> None:
        """Does in the place of an actor that is left out what it did at its end of a channel."""
        fifo, traffic = run.fifos[channel.name], self.noted[channel.name]
        if channel.writer and channel.writer.actor not in run.actors:
            run.environment.process(putting(run.environment, fifo, traffic.puts))
        if channel.reader and channel.reader.actor not in run.actors:
            run.environment.process(getting(run.environment, fifo, traffic.gets))

    def note(self, program: NativeProgram, channels: Iterable[str]) -> None:
        """Runs the program once more for the tokens of channels, or for all if these are not too many."""
        if self.noted.keys() >= set(channels):
            return
        graph, fifos = program.network.graph, self.outcome.fifos
        few = sum(fifo.puts for fifo in fifos.values()) <= MANY
        record = frozenset(graph.channel if few else channels)
        run = NativeRun(program, self.depths, self.all_memory(graph), self.limit(), record=record, calls=self.calls)
        if run.limit and run.advance() is Ending.INTERRUPTED:
            raise KeyboardInterrupt
        found = run.outcome(Ending.STOPPED).fifos
        self.noted = {name: traffic_of(found[name]) for name in record}

    def limit(self) -> int:
        """The cycle before which the run ended, if not by itself."""
        if self.outcome.ending in (Ending.STOPPED, Ending.INTERRUPTED, Ending.FAILED):
            return int(self.outcome.now)
        return NEVER if self.until is None else self.until

    def all_memory(self, graph: ActorGraph) -> Values:
        return {**{own.name: own.values for own in graph.memories}, **self.memory}


def replay_of(
    program: Callable[[], NativeProgram],
    depths: Mapping[str, int],
    memory: Values,
    outcome: Outcome,
    calls: int,
    until: int | None,
) -> Replay | None:
    """What finds the local variables of actors that have not ended, if there are any.

    None of an actor that goes round in a circle for ever: the reference engine would take too long to come there.
    """
    endless = outcome.failure is not None and outcome.failure.what == AGAIN
    if endless or all(state.done is not None for state in outcome.actors.values()):
        return None
    return Replay(program, depths, memory, outcome, calls, until)


def group_of(graph: ActorGraph, ordered: frozenset[str], name: str) -> tuple[Actor, ...]:
    """An actor with those that hand elements of arrays over to it, by whatever way."""
    arrays, names = set(graph.actor[name].arrays) & ordered, {name}
    while more := {a.name for a in graph.actors if arrays.intersection(a.arrays)} - names:
        names |= more
        arrays |= {array for each in more for array in graph.actor[each].arrays if array in ordered}
    return tuple(actor for actor in graph.actors if actor.name in names)


def part_of(network: Network, actors: Sequence[Actor]) -> Network:
    """A network of some of the actors, with all their channels."""
    graph = network.graph
    channels = {name for actor in actors for name in actor.channels}
    arrays = {name for actor in actors for name in actor.arrays}
    own = replace(
        graph,
        actors=tuple(actors),
        channels=tuple(channel for channel in graph.channels if channel.name in channels),
        memories=tuple(memory for memory in graph.memories if memory.name in arrays),
    )
    return replace(network, graph=own, shared=network.shared & arrays)


def traffic_of(fifo: Fifo) -> Traffic:
    """What was noted of a channel, but for the tokens that it held from the start."""
    puts = [(int(cycle), value) for cycle, value in fifo.history or () if cycle != BEFORE]
    return Traffic(puts, [int(cycle) for cycle in fifo.taken or ()])


def putting(environment: simpy.Environment, fifo: Fifo, puts: Iterable[tuple[int, object]]) -> Steps:
    """Puts tokens in their cycles."""
    for cycle, value in puts:
        if cycle > environment.now:
            yield environment.timeout(cycle - environment.now)
        fifo.put(environment.now, value, None)


def getting(environment: simpy.Environment, fifo: Fifo, gets: Iterable[int]) -> Steps:
    """Takes tokens in their cycles."""
    for cycle in gets:
        if cycle > environment.now:
            yield environment.timeout(cycle - environment.now)
        fifo.get(environment.now)
