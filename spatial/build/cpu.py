"""The module that `sp.build` makes for this machine: values first, time when it is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spatial.build.arguments import channel_depths, commit, written_arrays
from spatial.build.asked import Asked
from spatial.build.collector import collector_paused
from spatial.build.inputs import Inputs
from spatial.build.options import Built
from spatial.build.profile import Profile, profile_of
from spatial.build.results import returned
from spatial.build.simulate import Simulator, compile_simulator
from spatial.build.subject import Runnable
from spatial.device.model import Device
from spatial.sim.native.compiled import Detail, NativeProgram
from spatial.sim.native.untimed import compile_untimed, execute_untimed
from spatial.sim.numbers import Numbers
from spatial.sim.result import Run
from spatial.sim.values import decoded

__all__ = ["CpuModule", "compile_cpu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A call that ran without clocks: what it was given, as the engine's values, and the depths of its channels."""

    inputs: Inputs
    memory: Mapping[str, Sequence[object]]
    depths: Mapping[str, int]

    def run(self, simulator: Simulator) -> Run:
        """Its result with clocks."""
        found, _ = simulator.executed(self.inputs, simulator.network, self.memory, self.depths)
        return found


@dataclass(slots=True)
class CpuModule(Built):
    """A program compiled to machine code for its values; call it with arguments as often as you like.

    `str(module)` and `code` are its code in MLIR's LLVM dialect, `module` its MLIR. A call keeps no clocks unless
    values depend on them, or it records channels; `last_run` is the timed result of the last call, which is then
    run again for it. Every channel holds as many tokens as it is declared with, or as `depths` say.
    """

    simulator: Simulator
    untimed: NativeProgram | None = field(repr=False)
    replay: Replay | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The program's name."""
        return self.simulator.name

    @property
    def module(self) -> object:
        """The MLIR module."""
        return self.simulator.module

    @property
    def code(self) -> str:
        """The machine code's text, one function for each specialization."""
        found = self.untimed or self.simulator.natives.get(((), Detail.NOTHING))
        return "\n".join(code.text for code in found.codes.values()) if found else ""

    def __str__(self) -> str:
        return self.code

    @property
    def last_run(self) -> Run | None:
        """The result of the last call with all its cycles, None before the first; it may be computed now."""
        if self.replay is not None:
            self.simulator.last_run, self.replay = self.replay.run(self.simulator), None
        return self.simulator.last_run

    def reset(self) -> None:
        """Gives all stateful memory its first values again."""
        self.simulator.reset()

    def __call__(
        self,
        *arguments: object,
        depths: Mapping[str, int] | None = None,
        record: Iterable[str] = (),
        **named: object,
    ) -> object:
        """Runs it and writes the outputs into the arrays; what it returns.

        Takes its options as `simulate` does and raises as it does, but that Ctrl-C gives no partial run where no
        clocks are kept. A run that fails or cannot go on is run again with clocks, for its report.
        """
        return self.perform(arguments, named, depths, record)

    def run(self, *arguments: object, **options: Any) -> Run:
        """Runs it with clocks, as `simulate` does with the same arguments and options; the result."""
        self.replay = None
        return self.simulator.run(*arguments, **options)

    def perform(
        self,
        arguments: Sequence[object],
        named: Mapping[str, object],
        depths: Mapping[str, int] | None = None,
        record: Iterable[str] = (),
    ) -> object:
        """A call with its arguments in order and by name; what it returns."""
        timed = self.simulator
        if self.untimed is None or record:
            self.replay = None
            return timed.perform(arguments, named, Asked(depths=depths, record=record)).result
        graph = timed.program.graph
        inputs, _, memory = timed.prepared(arguments, named)
        depth_of = channel_depths(graph, depths, timed.depths)
        with collector_paused():
            after = execute_untimed(self.untimed, depth_of, memory)
        if after is None:
            self.replay = None
            return timed.perform(arguments, named, Asked(depths=depths)).result
        kept = {name: values.copied() if isinstance(values, Numbers) else values for name, values in memory.items()}
        self.replay = Replay(inputs=inputs, memory=kept, depths=depth_of)
        written = written_arrays(graph)
        results = {array.name: array.type for array in graph.arrays if array.name in written}
        commit(graph, decoded(results, after), inputs.arrays)
        timed.state = {own.name: after[own.name] for own in graph.memories if own.stateful}
        return returned(graph, inputs)

    def profile(self, *arguments: object, warmup: int = 10, iterations: int = 100, **named: object) -> Profile:
        """Calls it `warmup` times, then `iterations` times with a clock; the arrays are as the last call leaves them.

        Raises as a call does, and `ProgramError` where there is no iteration.
        """
        return profile_of(lambda: self.perform(arguments, named), warmup, iterations)


def compile_cpu(given: Runnable, device: str | Device, depths: Mapping[str, int] | None) -> CpuModule:
    """Compiles a program to machine code; raises `ProgramError` with everything that is wrong."""
    simulator = compile_simulator(given, device, "simpy", depths)
    with collector_paused():
        untimed = compile_untimed(simulator.network)
    simulator.engine = "native"
    return CpuModule(simulator if untimed else simulator.with_machine_code(), untimed)
