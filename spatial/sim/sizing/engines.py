"""Evaluates depths by running a program on an engine, values included."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from spatial.ir.graph import Channel
from spatial.lower.llvm.layout import DELAY, DONE, NEVER, ActorField, ActorHalf, ChannelField, ChannelHalf, SlotField
from spatial.sim.native.compiled import NativeProgram, compile_native
from spatial.sim.native.engine import NativeRun, Unordered, execute_native
from spatial.sim.native.image import Image
from spatial.sim.reference.engine import Ending, Outcome, execute
from spatial.sim.reference.network import Network
from spatial.sim.sizing.evaluator import Depths, Sized, Stamps, need_of

__all__ = ["Engine", "EngineEvaluator", "evaluator_of", "native_engine", "reference_engine"]

Memory = Mapping[str, Sequence[object]]
T = TypeVar("T")
DOUBLINGS = 24
AFFORDABLE = 2_000_000  # operations that the search for the least memory may run natively, runs' own cost included
RUN_COST = 4_000  # operations that take as long as it takes to set up a run
REFERENCE_AFFORDABLE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A program on an engine: `run` gives its outcome, `cycles` those of a run that finishes.

    `stamps` gives the uses of each channel; it is told how many tokens they pass.
    """

    network: Network
    run: Callable[[Depths], Outcome]
    cycles: Callable[[Depths], int | None]
    stamps: Callable[[Depths, Mapping[str, int]], Mapping[str, Stamps]]
    optimistic: Callable[[], "Engine"]
    affordable: int


@dataclass(frozen=True, kw_only=True)
class EngineEvaluator:
    """A program whose channels are sized by running it; `fixed` are the depths that are not looked for.

    `settled` is how a run ended that no depths make longer.
    """

    engine: Engine
    channels: tuple[Sized, ...]
    fixed: Depths
    settled: Outcome

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Each channel on its own."""
        return tuple((channel.name,) for channel in self.channels)

    @cached_property
    def operations(self) -> int:
        """How many puts and gets a run does."""
        return sum(fifo.puts + fifo.gets for fifo in self.settled.fifos.values())

    @property
    def budget(self) -> int:
        """How many runs the search for the least memory may take."""
        return self.engine.affordable // (RUN_COST + self.operations)

    def cycles(self, vectors: Sequence[Depths]) -> list[int | None]:
        """The cycles of a run at each of the depths; None where it deadlocks."""
        return [self.engine.cycles({**self.fixed, **depths}) for depths in vectors]

    def stamps(self, depths: Depths) -> Mapping[str, Stamps]:
        """When the channels are used in a run that finishes."""
        tokens = {channel.name: channel.deep for channel in self.channels}
        return self.engine.stamps({**self.fixed, **depths}, tokens)

    def needs(self, depths: Depths) -> Depths:
        """Depths at which a run that finishes at `depths` stays as it is, while channels show tokens as soon."""
        release, stamps = self.engine.network.device.release_latency, self.stamps(depths)
        return {each.name: need_of(stamps[each.name], each.initial, release) for each in self.channels}

    def optimistic(self) -> "EngineEvaluator":
        """The same program where every channel shows its tokens as soon as a shift register does."""
        return dataclasses.replace(self, engine=self.engine.optimistic())


def evaluator_of(engine: Engine, declared: Depths) -> EngineEvaluator:
    """Evaluates depths on an engine."""
    settled = _settled(engine, declared)
    channels = [channel for channel in engine.network.graph.channels if not channel.role]
    sized = (
        Sized(
            name=channel.name,
            bits=channel.element.bits,
            initial=len(channel.initial_tokens),
            declared=declared[channel.name],
            deep=len(channel.initial_tokens) + settled.fifos[channel.name].puts,
            storage=channel.storage,
        )
        for channel in channels
    )
    roles = {channel.name: declared[channel.name] for channel in engine.network.graph.channels if channel.role}
    return EngineEvaluator(engine=engine, channels=tuple(sized), fixed=roles, settled=settled)


def _settled(engine: Engine, declared: Depths) -> Outcome:
    """A run that ends as it would with unbounded channels: full ones are doubled as long as it deadlocks."""
    depths = dict(declared)
    outcome = engine.run(depths)
    for _ in range(DOUBLINGS):
        if outcome.ending is not Ending.DEADLOCK:
            return outcome
        waits = [wait for state in outcome.actors.values() for wait in state.waits]
        full = {wait.fifo.name for wait in waits if wait.puts}
        if not full:
            return outcome
        depths |= {name: 2 * depths[name] for name in full}
        outcome = engine.run(depths)
    return outcome


@dataclass(slots=True)
class Machine:
    """A network with the machine code for it, made anew where a run finds arrays whose accesses must be watched."""

    network: Network
    program: NativeProgram

    def ended(self, attempt: Callable[[NativeProgram], T]) -> T:
        """What an attempt with the program gives."""
        while True:
            try:
                return attempt(self.program)
            except Unordered as found:
                self.program = compile_native(self.network, {*self.program.ordered, found.array})


def native_engine(network: Network, program: NativeProgram, memory: Memory, calls: int = 1) -> Engine:
    """A network on the native engine, called several times."""
    machine = Machine(network, program)
    given = {**{each.name: each.values for each in network.graph.memories}, **memory}

    def finished(depths: Depths, kept: Mapping[str, int] = MappingProxyType({})) -> NativeRun:
        return machine.ended(
            lambda program: _finished(NativeRun(program, depths, given, NEVER, kept=kept, calls=calls))
        )

    def cycles(depths: Depths) -> int | None:
        run = finished(depths)
        names = [actor.name for actor in network.graph.actors]
        if all(run.image.actor(name, ActorHalf.STATE) == DONE for name in names):
            return max((run.image.actor(name, ActorField.CLOCK) for name in names), default=0)
        return _cycles(run.outcome())

    def stamps(depths: Depths, tokens: Mapping[str, int]) -> Mapping[str, Stamps]:
        image = finished(depths, tokens).image
        return {channel.name: ring_stamps(image, channel) for channel in network.graph.channels}

    def optimistic() -> Engine:
        quick = _quick(network)
        timed = dataclasses.replace(machine.program, network=_quick(machine.program.network))
        return native_engine(quick, timed, memory, calls)

    return Engine(
        network=network,
        run=lambda depths: machine.ended(lambda program: execute_native(program, depths, memory, calls=calls)),
        cycles=cycles,
        stamps=stamps,
        optimistic=optimistic,
        affordable=AFFORDABLE,
    )


def _finished(run: NativeRun) -> NativeRun:
    if run.advance() is not None:
        raise KeyboardInterrupt
    run.check_sharing()
    return run


def ring_stamps(image: Image, channel: Channel) -> Stamps:
    """The cycles that a ring holds which is large enough for all tokens."""
    name, initial = channel.name, len(channel.initial_tokens)
    puts, gets = (image.channel(name, field) for field in (ChannelField.PUTS, ChannelField.GETS))
    delays = image.channel(name, ChannelHalf.DELAYS)
    put, get = delays % (1 << DELAY), delays >> DELAY
    ring = image.ring(name)
    return Stamps(puts=ring[initial:puts, SlotField.VISIBLE] - put, gets=ring[:gets, SlotField.FREE] - get)


def reference_engine(network: Network, memory: Memory, calls: int = 1) -> Engine:
    """A network on the reference engine, called several times."""

    def run(depths: Depths, record: frozenset[str] = frozenset()) -> Outcome:
        outcome = execute(network, depths, memory, record=record, calls=calls)
        if outcome.ending is Ending.INTERRUPTED:
            raise KeyboardInterrupt
        return outcome

    def stamps(depths: Depths, tokens: Mapping[str, int]) -> Mapping[str, Stamps]:
        fifos = run(depths, frozenset(network.graph.channel)).fifos.values()
        return {
            fifo.name: Stamps(
                puts=np.array([cycle for cycle, _ in fifo.history or ()][fifo.initial :], np.int64),
                gets=np.array(fifo.taken, np.int64),
            )
            for fifo in fifos
        }

    return Engine(
        network=network,
        run=run,
        cycles=lambda depths: _cycles(run(depths)),
        stamps=stamps,
        optimistic=lambda: reference_engine(_quick(network), memory, calls),
        affordable=REFERENCE_AFFORDABLE,
    )


def _quick(network: Network) -> Network:
    """The network where memories are as quick as registers."""
    device = dataclasses.replace(network.device, memory_latency=network.device.register_latency)
    return dataclasses.replace(network, device=device)


def _cycles(outcome: Outcome) -> int | None:
    return int(outcome.last) if outcome.ending is Ending.FINISHED else None
