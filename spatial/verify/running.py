"""Runs a program on tokens."""

import dataclasses
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spatial.analysis.errors import TokensLeft
from spatial.analysis.lockstep import go_in_step
from spatial.device.model import Device
from spatial.lower.llvm.layout import DONE, NEVER, ActorHalf, ChannelField, RunField
from spatial.sim.explain.deadlock import Waiting, waiting_cycle
from spatial.sim.explain.leftover import tokens_left
from spatial.sim.native.compiled import compile_native
from spatial.sim.native.engine import NativeRun, Unordered
from spatial.sim.native.untimed import compile_untimed
from spatial.sim.numbers import Numbers
from spatial.sim.reference.engine import Ending, Failure
from spatial.sim.reference.network import Network, compile_network
from spatial.types.tensor import size_of
from spatial.verify.domain import Words
from spatial.verify.flow import may_go_round
from spatial.verify.rewrite import Symbolic

__all__ = ["LONGEST", "Memory", "Ran", "run_symbolic"]

BATCH = 64  # elements that a channel holds where depths do not matter: twice as fast as 2, and 256 leave the caches
LONGEST = 600.0  # seconds, after which a run is taken for one that does not end
Memory = Mapping[str, Sequence[object] | Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run on tokens leaves: the words of every array, or why it went no further; and what it took.

    It is `endless` if an actor goes round for ever by itself. `tokens` has how many were put into each channel and how
    many taken, `kept` what stateful memory holds.
    """

    ending: Ending
    arrays: Mapping[str, Words]
    failure: Failure | None = None
    endless: bool = False
    waits: tuple[Waiting, ...] = ()
    left: tuple[TokensLeft, ...] = ()
    tokens: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    kept: Mapping[str, Sequence[object]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def run_symbolic(program: Symbolic, memory: Memory, depths: Mapping[str, int], device: Device) -> Ran:
    """Compiles a program on tokens and runs it with these words, or known numbers, in its parameters.

    Raises `ProgramError` where a pipeline that is asked for is impossible.
    """
    begun = time.process_time()
    network = compile_network(program.module, program.graph, device)
    native = None if may_go_round(program.module) else compile_untimed(network)
    own = {each.name: each.values for each in program.graph.memories}
    words = {name: Numbers(each) if isinstance(each, np.ndarray) else each for name, each in memory.items()}
    ordered: frozenset[str] = frozenset()
    held = depths if native is None else _in_batches(program, depths)
    while True:
        native = native or compile_native(network, ordered)
        made = time.process_time()
        run = NativeRun(native, held, {**own, **words}, NEVER)
        ending = run.advance(seconds=LONGEST)
        if ending is Ending.INTERRUPTED:
            raise KeyboardInterrupt
        try:
            run.check_sharing()
        except Unordered:
            ordered, native, held = network.shared, None, depths
            continue
        ran = _ran(native.network, run, depths, ending)
        now = time.process_time()
        times = {"compiling": made - begun, "running": now - made}
        return dataclasses.replace(ran, tokens=_tokens(run), kept=_kept(run), seconds=times)


def _in_batches(program: Symbolic, depths: Mapping[str, int]) -> Mapping[str, int]:
    """Depths with which actors run further at a time, if it is known that the same comes of it."""
    if not go_in_step(program.module, program.graph):
        return depths
    elements = {id(each.element): each.element for each in program.graph.channels}
    room = {number: BATCH // size_of(element) for number, element in elements.items()}
    return {each.name: max(depths[each.name], room[id(each.element)]) for each in program.graph.channels}


def _ran(network: Network, run: NativeRun, depths: Mapping[str, int], ending: Ending | None) -> Ran:
    words = ((name, array.view(np.int64)) for name, array in run.image.arrays.items() if array.itemsize == 8)
    arrays: dict[str, Words] = dict(words)
    if run.field(RunField.FAULT_CYCLE) != NEVER or run.endless is not None:
        failure = run.endless or run.failure()
        return Ran(ending=Ending.FAILED, arrays=arrays, failure=failure, endless=run.endless is not None)
    if ending is None and _is_done(run):
        return Ran(ending=Ending.FINISHED, arrays=arrays)
    outcome = run.outcome(ending)
    waits: tuple[Waiting, ...] = ()
    if outcome.ending is Ending.DEADLOCK:
        waits = tuple(waiting_cycle(network, outcome, depths)[0])
    return Ran(ending=outcome.ending, arrays=arrays, waits=waits, left=tokens_left(network.graph, outcome))


def _tokens(run: NativeRun) -> dict[str, tuple[int, int]]:
    """How many tokens were put into each channel, and how many taken."""
    puts, gets = run.image.channels([ChannelField.PUTS, ChannelField.GETS])
    return dict(zip(run.image.places.channels, zip(puts, gets, strict=True), strict=True))


def _kept(run: NativeRun) -> dict[str, Sequence[object]]:
    """What stateful memory holds."""
    names = [each.name for each in run.graph.memories if each.stateful]
    memory = run.memory() if names else {}
    return {name: memory[name] for name in names}


def _is_done(run: NativeRun) -> bool:
    """Whether all actors have ended, and no channel has a token left."""
    (states,) = run.image.actors([ActorHalf.STATE])
    puts, gets = run.image.channels([ChannelField.PUTS, ChannelField.GETS])
    return all(state == DONE for state in states) and puts == gets
