"""Runs a network on the engine, compares what can be observed with the oracle."""

import functools
import random
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

import simpy

from spatial.build.simulate import Simulator, compile_simulator
from spatial.sim.reference.engine import Ending, execute
from spatial.sim.values import decode_token
from spatial.source.errors import ProgramError
from tests.sim.dataflow.machine import Token
from tests.sim.dataflow.play import Played, play
from tests.sim.dataflow.script import Net
from tests.sim.dataflow.shrink import shrunk
from tests.sim.dataflow.text import source
from tests.sim.programs import region_of


class Shuffled(simpy.Environment):
    """Takes the events of one moment in random order."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        draw = random.Random(seed)
        self._eid = iter(draw.random, None)  # type: ignore[assignment]


def compiled(net: Net) -> Simulator:
    return compile_simulator(region_of(source(net)), net.device, "simpy")


def observed(simulator: Simulator, net: Net, depths: dict[str, int], seed: int | None = None) -> Played:
    """A run of the engine in the oracle's terms; with a seed in another order of actors."""
    network = simulator.network
    if seed is not None:
        actors = list(network.graph.actors)
        random.Random(seed).shuffle(actors)
        network = replace(network, graph=replace(network.graph, actors=tuple(actors)))
    memory = {array.name: [0] * array.type.size for array in network.graph.arrays}
    environment = simpy.Environment if seed is None else functools.partial(Shuffled, seed)
    with mock.patch("spatial.sim.reference.engine.simpy.Environment", environment):
        outcome = execute(network, depths, memory, record=frozenset(depths))
    names = dict(library_names(net, simulator))
    channels: dict[str, tuple[list[Token], list[int], list[int]]] = {}
    for name, fifo in outcome.fifos.items():
        element = network.graph.channel[name].element
        history, taken = fifo.history or [], fifo.taken or []
        values = [plain(decode_token(value, element)) for _, value in history]
        channels[name] = values, [int(cycle) for cycle, _ in history], [int(cycle) for cycle in taken]
    states = {names.get(name, name.removesuffix("[0]")): state for name, state in outcome.actors.items()}
    return Played(
        ending=outcome.ending.value,
        channels=channels,
        done={name: None if state.done is None else int(state.done) for name, state in states.items()},
        waits={
            name: {(wait.fifo.name, wait.puts) for wait in state.waits}
            for name, state in states.items()
            if state.done is None
        },
        cells={a.name: list(outcome.memory[f"Y_{a.name}"]) for a in net.actors if f"Y_{a.name}" in outcome.memory},
        cycles=int(outcome.last if outcome.ending is Ending.FINISHED else outcome.now),
    )


def library_names(net: Net, simulator: Simulator) -> Iterator[tuple[str, str]]:
    """The engine's names of library actors, and the oracle's: both are in the order of the calls."""
    own = {f"{actor.name}[0]" for actor in net.actors if not actor.library}
    theirs = [actor.name for actor in simulator.network.graph.actors if actor.name not in own]
    yield from zip(theirs, (actor.name for actor in net.actors if actor.library), strict=True)


def plain(value: object) -> Token:
    """A token of the engine as the oracle has it."""
    if isinstance(value, dict):
        return tuple(int(part) for part in value.values())
    if hasattr(value, "shape") and value.shape:
        return tuple(int(part) for part in value)
    return int(value)  # type: ignore[call-overload]


def differences(expected: Played, found: Played) -> Iterator[str]:
    """What the engine does otherwise than the oracle, in words."""
    if expected.ending != found.ending:
        yield f"ending: {expected.ending} by the rules, {found.ending} by the engine"
    for name, wanted in expected.channels.items():
        if name not in found.channels:
            continue
        for what, ours, theirs in zip(("values", "puts", "gets"), wanted, found.channels[name], strict=True):
            if ours != theirs:
                yield f"{what} of {name}: {ours} by the rules, {theirs} by the engine"
    if expected.done != found.done:
        yield f"done: {expected.done} by the rules, {found.done} by the engine"
    if expected.ending in ("deadlock", "finished") and expected.waits != found.waits:
        yield f"waits: {expected.waits} by the rules, {found.waits} by the engine"
    for name, cells in found.cells.items():
        if name in expected.cells and expected.cells[name] != cells:
            yield f"cells of {name}: {expected.cells[name]} by the rules, {cells} by the engine"
    if expected.cycles is not None and expected.cycles != found.cycles:
        yield f"cycles: {expected.cycles} by the rules, {found.cycles} by the engine"


def depths_of(net: Net) -> dict[str, int]:
    """The depths as declared."""
    return {name: chan.depth for chan in net.chans for name in chan.names}


def mismatch(net: Net) -> list[str]:
    """All differences at the declared depths; a program that is refused has one."""
    try:
        simulator = compiled(net)
    except ProgramError as error:
        return [f"refused: {error}"]
    return list(differences(play(net, depths_of(net)), observed(simulator, net, depths_of(net))))


def explained(net: Net, depths: dict[str, int]) -> str:
    """What is wrong at some depths, and the smallest program found that shows it."""

    def fails(smaller: Net) -> bool:
        try:
            told = mismatch(smaller)
        except Exception:
            return False
        return bool(told) and not told[0].startswith("refused")

    chans = tuple(replace(chan, depth=max(depths[name] for name in chan.names)) for chan in net.chans)
    small = shrunk(replace(net, chans=chans), fails)
    return "\n".join([*mismatch(small), small.device, source(small)])
