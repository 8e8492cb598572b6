"""Runs a compiled program on the inputs of a test."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.build.asked import Limits
from spatial.build.simulate import Simulator
from spatial.ir.graph import ActorGraph, element_name
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.untimed import execute_untimed
from spatial.sim.outputs import outputs_of
from spatial.sim.reference.channel import Fifo
from spatial.sim.reference.engine import Ending, Outcome
from spatial.sim.reference.network import Network
from spatial.sim.values import decoded
from spatial.verify.streams.ahead import looks_ahead
from spatial.verify.testing.cases import Array, Case, in_call
from spatial.verify.testing.compare import Ran

__all__ = ["Runner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """A program and what its parameters and outputs are called in a test; it takes `seconds` for a run.

    It is called so many times, and keeps from call to call what is stateful. Where it has code that is `untimed`, only
    a run that fails keeps clocks, to tell how.
    `spare` are arrays that it writes into and that are no inputs of the test, by the program's name.
    """

    simulator: Simulator
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    spare: Mapping[str, Array]
    seconds: float
    calls: int = 1
    untimed: NativeProgram | None = None

    def __call__(self, case: Case) -> Ran:
        """Runs the program; what it leaves in the arrays of a case is not written back."""
        self.simulator.reset()
        found: dict[str, Array] = {}
        for call in range(1, self.calls + 1):
            try:
                given = self.values(case, call)
            except TimeoutError:
                return Ran(outputs={}, end=f"a {Ending.STOPPED.value}", late=True)
            if given is None:
                network, outcome = self.outcome(case, call)
                if outcome.ending is not Ending.FINISHED:
                    return Ran(outputs={}, end=_told(outcome), late=outcome.ending is Ending.STOPPED)
                given = self.given_back(network.graph, outcome.memory, outcome.fifos)
            found |= {in_call(name, call): array for name, array in given}
        return Ran(outputs=found)

    def values(self, case: Case, call: int) -> Iterator[tuple[str, Array]] | None:
        """What a call gives that keeps no clocks; None where it has to, or fails, or does not end."""
        if self.untimed is None:
            return None
        simulator = self.simulator
        _, network, memory = simulator.prepared((), self.named(case, call))
        after = execute_untimed(self.untimed, simulator.depths, memory, self.seconds)
        if after is None:
            return None
        simulator.state = self.kept(network.graph, after)
        return self.given_back(network.graph, after, {})

    def given_back(
        self, graph: ActorGraph, memory: Mapping[str, Sequence[object]], fifos: Mapping[str, Fifo]
    ) -> Iterator[tuple[str, Array]]:
        """What a call gives, by the names of the test."""
        types = {array.name: array.type for array in graph.arrays if array.name in self.outputs}
        found = {**decoded(types, memory), **outputs_of(graph, fifos)}
        numbers = {result.name for result in graph.results if result.number}
        shaped = {own: array.reshape(()) if own in numbers else array for own, array in found.items()}
        several = {each.name: each.shape for each in graph.parameters if each.stream and each.shape}
        for own, name in self.outputs.items():
            for index in np.ndindex(several.get(own, ())):
                yield element_name(name, index), shaped[own][index]

    def taken(self, case: Case) -> dict[str, int]:
        """How many tokens the program wants of each of its streams at most, by the names of the test.

        That is as many as it takes, or where it looks ahead as many as there was room for.
        """
        self.simulator.reset()
        network, outcome = self.outcome(case)
        found: dict[str, int] = {}
        for channel in network.graph.channels:
            if (name := self.inputs.get(channel.stream)) is not None:
                fifo = outcome.fifos[channel.name]
                found[name] = max(found.get(name, 0), fifo.puts if looks_ahead(network.graph, channel) else fifo.gets)
        return found

    def outcome(self, case: Case, call: int = 1) -> tuple[Network, Outcome]:
        """What a call comes to."""
        simulator = self.simulator
        inputs, network, memory = simulator.prepared((), self.named(case, call))
        limits = Limits(seconds=self.seconds, echo=False)
        network, outcome = simulator.outcome(inputs, network, memory, simulator.depths, limits)
        simulator.state = self.kept(network.graph, outcome.memory)
        if outcome.ending is Ending.INTERRUPTED:
            raise KeyboardInterrupt
        return network, outcome

    def named(self, case: Case, call: int) -> dict[str, object]:
        """What the program is given in a call."""
        own = {own: _argument(case[in_call(name, call)]) for own, name in self.inputs.items()}
        return {**own, **self.spare}

    def kept(self, graph: ActorGraph, memory: Mapping[str, Sequence[object]]) -> dict[str, Sequence[object]]:
        """What stateful memory holds after a call."""
        return {each.name: memory[each.name] for each in graph.memories if each.stateful}


def _argument(array: Array) -> object:
    """An array as it is given, one without dimensions as its element."""
    return array if array.ndim else array[()]


def _told(outcome: Outcome) -> str:
    """What became of a run that did not finish."""
    if outcome.failure is not None:
        return f"{outcome.failure.what} in `{outcome.failure.actor}` at {outcome.failure.site.span}"
    return f"a {outcome.ending.value}"
