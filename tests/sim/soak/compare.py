"""Runs networks on both engines and tells what differs."""

import dataclasses
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from unittest import mock

from spatial.build.simulate import compile_simulator
from spatial.lower.llvm.module import MachineCode, generate
from spatial.sim.native.compiled import NativeProgram, compile_native
from spatial.sim.native.engine import execute_native
from spatial.sim.native.locals import locals_in
from spatial.sim.native.replay import replay_of
from spatial.sim.reference.engine import Ending, Outcome, execute
from spatial.sim.reference.network import Network
from spatial.source.errors import ProgramError
from tests.sim.soak.cases import Case, Vector, case

NOTHING = MachineCode(engine=None, run=lambda _: 0, steps={}, timed=True, logging=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A network compiled for both engines."""

    case: Case
    network: Network
    native: NativeProgram


def pairs(seeds: Sequence[int]) -> Iterator[Pair | str]:
    """The networks of seeds, their machine code made at once; a text in place of one that is refused."""
    made: list[tuple[Case, Network, NativeProgram]] = []
    for seed in seeds:
        one = case(seed)
        try:
            network = compile_simulator(one.region, one.device, "simpy").network
            with mock.patch("spatial.sim.native.compiled.generate", return_value=NOTHING):
                made.append((one, network, compile_native(network)))
        except ProgramError as error:
            yield f"seed {seed}: {error.problems[0].report().title}"
    for clocked in (False, True):
        alike = [each for each in made if clocked == any(code.clocked for code in each[2].codes.values())]
        yield from together(alike)


def together(made: Sequence[tuple[Case, Network, NativeProgram]]) -> Iterator[Pair]:
    """Networks whose machine code is made at once; in all of them answers depend on time, or in none."""
    codes = {
        f"{one.seed} {name}": dataclasses.replace(
            code,
            name=f"{code.name}_{one.seed}",
            text=code.text.replace(f"@{code.name}(", f"@{code.name}_{one.seed}(", 1),
        )
        for one, _, program in made
        for name, code in program.codes.items()
    }
    machine = generate(codes, logging=True)
    for one, network, program in made:
        steps = {name: machine.steps[f"{one.seed} {name}"] for name in program.codes}
        own = dataclasses.replace(machine, steps=steps)
        yield Pair(case=one, network=network, native=dataclasses.replace(program, machine=own))


def runs(pair: Pair, vector: Vector) -> tuple[Outcome, Outcome]:
    """What both engines say, with every token recorded."""
    network = dataclasses.replace(pair.network, device=vector.device)
    memory = {array.name: [0] * array.type.size for array in network.graph.arrays}
    reference = execute(network, vector.depths, memory, record=frozenset(vector.depths), until=vector.until)
    return reference, run_natively(pair, vector)


def differences(pair: Pair, vector: Vector) -> list[str]:
    """What the native engine does otherwise than the reference, in words."""
    reference, native = runs(pair, vector)
    names = pair.native.network
    ours, theirs = (seen(outcome, network) for outcome, network in ((reference, pair.network), (native, names)))
    if reference.ending is native.ending is not Ending.FAILED:
        ours, theirs = ours | locals_of(reference, names), theirs | locals_of(replayed(pair, vector, native), names)
    return [f"{what}: {ours[what]}, natively {theirs.get(what)}" for what in ours if ours[what] != theirs.get(what)]


def worse_with_depth(pair: Pair, vector: Vector) -> list[str]:
    """What a blocking network that runs to its end does otherwise with some channels deeper, in words."""
    if pair.network.graph.is_timed or vector.until is not None:
        return []
    found = random.Random(pair.case.seed)
    deeper = {name: depth + found.choice([0, 0, 1, 2, 30]) for name, depth in vector.depths.items()}
    shallow, deep = (run_natively(pair, dataclasses.replace(vector, depths=d)) for d in (vector.depths, deeper))
    if (shallow.ending, deep.ending) == (Ending.FINISHED, Ending.FINISHED):
        return [] if memory_of(shallow) == memory_of(deep) else [f"other values with depths {deeper}"]
    return [f"{deep.ending.value} with depths {deeper}"] if shallow.ending is Ending.FINISHED else []


def run_natively(pair: Pair, vector: Vector) -> Outcome:
    native = dataclasses.replace(pair.native, network=dataclasses.replace(pair.native.network, device=vector.device))
    memory = {array.name: [0] * array.type.size for array in pair.network.graph.arrays}
    return execute_native(native, vector.depths, memory, record=frozenset(vector.depths), until=vector.until)


def memory_of(outcome: Outcome) -> Mapping[str, Sequence[object]]:
    """The values of arrays, of either engine."""
    return {name: list(values) for name, values in outcome.memory.items()}


def replayed(pair: Pair, vector: Vector, outcome: Outcome) -> Outcome:
    """A native outcome with the actors that have not ended as they stand on the reference engine."""
    network = dataclasses.replace(pair.native.network, device=vector.device)
    program = dataclasses.replace(pair.native, network=network)
    memory = {array.name: [0] * array.type.size for array in network.graph.arrays}
    replay = replay_of(lambda: program, vector.depths, memory, outcome, 1, vector.until)
    known = outcome.actors.items()
    actors = {name: state if replay is None or state.done is not None else replay.state(name) for name, state in known}
    return dataclasses.replace(outcome, actors=actors)


def locals_of(outcome: Outcome, network: Network) -> Mapping[str, object]:
    """The local variables of actors."""
    functions = {actor.name: network.functions[actor.function] for actor in network.graph.actors}
    return {f"locals of {name}": locals_in(state, functions[name]) for name, state in outcome.actors.items()}


def seen(outcome: Outcome, network: Network) -> Mapping[str, object]:
    """All that a run tells: endings, cycles, tokens with their cycles, waits, how time was spent, polls."""
    found: dict[str, object] = {
        "ending": outcome.ending.value, "now": outcome.now, "memory": memory_of(outcome),
        "failure": None if outcome.failure is None else (outcome.failure.actor, outcome.failure.what),
    }  # fmt: skip
    if outcome.ending.value == "finished":
        found["last"] = outcome.last
    for name, fifo in outcome.fifos.items():
        found[f"tokens of {name}"] = [(int(cycle), value) for cycle, value in fifo.history or ()]
        found[f"gets of {name}"] = [int(cycle) for cycle in fifo.taken or ()]
        found[f"counts of {name}"] = (fifo.puts, fifo.gets, fifo.most, fifo.cycles_full, fifo.cycles_empty)
    for number, (name, state) in enumerate(outcome.actors.items()):
        sites = network.functions[network.graph.actors[number].function].sites
        waits = [(w.fifo.name, w.puts, w.tokens, w.choice, sites[w.site].span) for w in state.waits]
        held = [[fifo.name for fifo in wait.pending_fifos()] for wait in state.waits]
        found[f"waits of {name}"] = (waits, held, state.free_running)
        found[f"time of {name}"] = (state.done, state.busy, state.stalled_input, state.stalled_output)
    if outcome.ending.value == "livelock":
        polled = outcome.still.polled.items()
        found["polls"] = sorted((number, fifo.name) for (number, _), fifo in polled), outcome.still.since
    return found
