"""Runs a program: `sp.simulate`, and the module that `sp.build` makes for the simulator."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Literal

from spatial.analysis.endless import check_endless
from spatial.build.arguments import (
    channel_depths,
    channel_names,
    check_arrays,
    commit,
    encode_arrays,
    written_arrays,
)
from spatial.build.asked import PLAINLY, UNLIMITED, Asked, Limits
from spatial.build.collector import collector_paused
from spatial.build.critical import critical_of
from spatial.build.depths import with_depths
from spatial.build.hang import deadlock_of
from spatial.build.inputs import Inputs, encode_tokens, sorted_inputs
from spatial.build.options import Built, check_options, check_timed
from spatial.build.problems import problem_of
from spatial.build.progress import progress_of
from spatial.build.results import returned
from spatial.build.subject import Runnable, program_of
from spatial.build.timed import TimedProgram, timed_program
from spatial.build.timeline import check_native, check_timeline, timeline_to
from spatial.device.fpga import device_of
from spatial.device.model import Device
from spatial.ir.closing import close_streams
from spatial.region.program import Program
from spatial.sim.errors import Deadlock, Interrupted, Livelock, RunError
from spatial.sim.native.compiled import Detail, NativeProgram, compile_native, logging
from spatial.sim.native.engine import Unordered, execute_native
from spatial.sim.native.replay import replay_of
from spatial.sim.outputs import output_channels
from spatial.sim.reference.engine import Ending, Outcome, execute
from spatial.sim.reference.network import Network, compile_network
from spatial.sim.result import Run, run_of
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["ENGINES", "Simulator", "compile_simulator", "simulate"]

Memory = Mapping[str, Sequence[object]]
ENGINES = ("simpy", "native")


def simulate(
    program: Runnable,
    /,
    *arguments: object,
    device: str | Device = "ideal",
    engine: str = "native",
    depths: Mapping[str, int] | None = None,
    record: Iterable[str] = (),
    until: int | None = None,
    timeout: float | None = None,
    calls: int = 1,
    on_deadlock: Literal["raise", "return"] = "raise",
    progress: bool = False,
    values: bool = True,
    timeline: str | PathLike[str] | None = None,
    **named: object,
) -> Run:
    """Runs a program on NumPy arrays and numbers, values bit-exact and cycles exact, and writes its outputs into them.

    A program is a region, a kernel that stands alone, or a function whose parameters have types; what a function
    returns is in `run.result`. `arguments` are for its parameters in order, `named` for the others by name, `A=a`. An
    array has the declared shape; one of another type is converted where that changes no value, and results are written
    back into the array given. A scalar is a number that its type holds. A stream that kernels get from takes an array
    of tokens, as many as you like; one that they put into is not given, its tokens are in `run.outputs`. `device` is
    "ideal" (structure only), "hls" (FPGA channel rules), or an FPGA at a clock whose operators take time,
    `sp.fpga("xcu280", mhz=300)` or "xcu280@300". `engine` is "native", machine code, or "simpy", the slow and readable
    reference, which gives the same results. `depths` overrides channel depths in tokens, `{"fifo_A": 4, "fifo_B[1,2]":
    8}`; `record` names channels whose values and cycles are kept in `run.trace`; `until` stops before that cycle and
    returns the partial run, `timeout` soon after so many seconds of work; `progress` shows on a terminal how far it has
    come; `timeline` names a file that all that happens is written to while it runs: a `.json` for Perfetto or a `.vcd`
    for waveform viewers. With `values=False` only the time is computed: it takes no arrays, changes none, and is over
    soon however long the loops are, for what repeats itself is not run through (`run.extrapolated`); cycles and all
    other figures are the same.

    With `calls=n` the region is called n times without a pause, as hardware does it: an actor begins the next call when
    it has done its own part of one. Each call is given the same arguments and has arrays of its own; what is stateful
    goes from call to call, and channels keep what a call leaves in them. The arrays hold what the last call
    leaves, `run.outputs` the tokens of all; `run.calls` says when each ended, `run.interval` and `run.latency` how far
    they lie apart and how long the first takes.

    Raises `ProgramError` for a wrong program or argument, `Deadlock` or `Livelock` (or, with
    `on_deadlock="return"`, sets `run.deadlock` or `run.livelock`), `RunError` for a fault or a race while it runs, and
    `Interrupted` at Ctrl-C; after any of these the arrays are as they were.
    """
    simulator = compile_simulator(program, device, engine)
    if not values:
        check_timed(record, until, timeout, calls, timeline)
        return simulator.time(arguments, named, depths=depths, on_deadlock=on_deadlock)
    asked = Asked(
        depths=depths,
        record=record,
        until=until,
        timeout=timeout,
        calls=calls,
        on_deadlock=on_deadlock,
        progress=progress,
        timeline=timeline,
    )
    return simulator.perform(arguments, named, asked)


@dataclass(slots=True)
class Simulator(Built):
    """A program compiled for the simulator; call it with arguments as often as you like.

    `module` is its MLIR, `code` the Python that the engine runs, `last_run` the result of the last call;
    `depths` are those of the channels in each call, where it does not say another one;
    `state` holds what its stateful memory keeps from one call to the next, as the engine's values;
    `closed` the network with sources and sinks for its stream parameters, by the numbers of tokens given.
    """

    program: Program
    network: Network
    engine: str = "native"
    depths: Mapping[str, int] = field(default_factory=dict)
    last_run: Run | None = field(default=None)
    state: dict[str, Sequence[object]] = field(default_factory=dict, repr=False)
    closed: dict[tuple[int, ...], Network] = field(default_factory=dict, repr=False)
    natives: dict[tuple[tuple[int, ...], Detail], NativeProgram] = field(default_factory=dict, repr=False)
    ordered: dict[tuple[int, ...], frozenset[str]] = field(default_factory=dict, repr=False)
    timed: dict[int, TimedProgram] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The program's name."""
        return self.program.graph.name

    @property
    def module(self) -> object:
        """The MLIR module."""
        return self.program.module

    @property
    def code(self) -> str:
        """The Python generators, one for each specialization."""
        return "\n".join(function.source for function in self.network.functions.values())

    def __str__(self) -> str:
        return self.code

    def __call__(
        self,
        *arguments: object,
        depths: Mapping[str, int] | None = None,
        record: Iterable[str] = (),
        **named: object,
    ) -> object:
        """Runs it and writes the outputs into the arrays; what it returns.

        Takes its options and raises as `simulate` does.
        """
        return self.perform(arguments, named, Asked(depths=depths, record=record)).result

    @property
    def has_streams(self) -> bool:
        """Whether some of its parameters are streams, whose tokens decide what a run is made of."""
        return any(parameter.stream for parameter in self.program.graph.parameters)

    def reset(self) -> None:
        """Gives all stateful memory its first values again."""
        self.state.clear()

    def lengths(self, inputs: Inputs) -> dict[str, int]:
        """How many tokens the stream parameters are given, each channel of them as many."""
        streams = [p for p in self.program.graph.parameters if p.name in inputs.tokens]
        return {p.name: inputs.tokens[p.name].shape[len(p.shape)] for p in streams}

    def network_for(self, inputs: Inputs) -> Network:
        """The network whose stream parameters take as many tokens as are given."""
        graph = self.program.graph
        if not self.has_streams:
            return self.network
        lengths = self.lengths(inputs)
        key = tuple(lengths.values())
        if key not in self.closed:
            self.closed[key] = compile_network(*close_streams(self.program.module, graph, lengths), self.network.device)
        return self.closed[key]

    def with_machine_code(self) -> "Simulator":
        """Itself, with the machine code of its runs, where that does not depend on what a run is given."""
        if self.engine == "native" and not self.has_streams:
            with collector_paused():
                self.natives[(), Detail.NOTHING] = compile_native(self.network)
        return self

    def native_for(self, network: Network, inputs: Inputs, detail: Detail = Detail.NOTHING) -> NativeProgram:
        """The machine code of a network, that notes what a run asks for."""
        key = tuple(self.lengths(inputs).values())
        if (key, detail) not in self.natives:
            plain = self.natives.get((key, Detail.NOTHING)) if detail is Detail.TOKENS else None
            made = logging(plain) if plain else compile_native(network, self.ordered.get(key, ()), detail=detail)
            self.natives[key, detail] = made
        return self.natives[key, detail]

    def run_native(
        self, network: Network, inputs: Inputs, execute: Callable[..., Outcome], detail: Detail, told: int = 0
    ) -> tuple[Network, Outcome]:
        """Runs machine code; what is to be watched of shared arrays is found out by running."""
        native = self.native_for(network, inputs, detail)
        try:
            return native.network, execute(native, told=told)
        except Unordered as found:
            key = tuple(self.lengths(inputs).values())
            self.natives = {known: code for known, code in self.natives.items() if known[0] != key}
            self.ordered[key] = native.ordered | {found.array}
            told = max(told, found.told)
        return self.run_native(network, inputs, execute, detail, told)

    def run(
        self,
        *arguments: object,
        depths: Mapping[str, int] | None = None,
        record: Iterable[str] = (),
        until: int | None = None,
        timeout: float | None = None,
        calls: int = 1,
        on_deadlock: Literal["raise", "return"] = "raise",
        progress: bool = False,
        timeline: str | PathLike[str] | None = None,
        **named: object,
    ) -> Run:
        """Runs it as `simulate` does; the result."""
        asked = Asked(
            depths=depths,
            record=record,
            until=until,
            timeout=timeout,
            calls=calls,
            on_deadlock=on_deadlock,
            progress=progress,
            timeline=timeline,
        )
        return self.perform(arguments, named, asked)

    def time(
        self,
        arguments: Sequence[object],
        named: Mapping[str, object],
        *,
        depths: Mapping[str, int] | None = None,
        on_deadlock: Literal["raise", "return"] = "raise",
    ) -> Run:
        """Runs it without values; only streams, whose tokens decide how long it takes, need be given."""
        check_options(None, None, 1, on_deadlock)
        needed = arguments or named or self.has_streams
        network = self.prepared(arguments, named)[1] if needed else self.network
        if id(network) not in self.timed:
            self.timed[id(network)] = timed_program(network)
        with collector_paused():
            run = self.last_run = self.timed[id(network)].run(channel_depths(self.program.graph, depths, self.depths))
        if run.deadlock is not None and on_deadlock == "raise":
            raise Deadlock(run.deadlock, run)
        return run

    def prepared(
        self, arguments: Sequence[object], named: Mapping[str, object]
    ) -> tuple[Inputs, Network, dict[str, Sequence[object]]]:
        """What a run is given, the network it runs, and the memory that begins with."""
        graph = self.program.graph
        inputs = sorted_inputs(graph, arguments, named)
        given = check_arrays(graph, inputs.arrays)
        network = self.network_for(inputs)
        tokens = encode_tokens(network.graph, inputs.tokens)
        return inputs, network, {**encode_arrays(graph, given), **inputs.scalars, **tokens, **self.state}

    def executed(
        self,
        inputs: Inputs,
        network: Network,
        memory: Memory,
        depths: Mapping[str, int],
        limits: Limits = UNLIMITED,
    ) -> tuple[Run, Outcome]:
        """Runs a network; the result, and what the engine leaves."""
        calls, native = limits.calls, self.engine == "native"
        ran, outcome = self.outcome(inputs, network, memory, depths, limits)
        with collector_paused():
            noting = functools.partial(self.native_for, network, inputs, Detail.TOKENS)
            replay = replay_of(noting, depths, memory, outcome, calls, limits.until) if native else None
            deadlock = deadlock_of(ran, outcome, depths, memory, calls, quick=native)
            written = written_arrays(ran.graph)
            kept = {array.name: memory[array.name] for array in ran.graph.arrays if array.name not in written}
            run = run_of(ran, outcome, depths, limits.recorded, deadlock, replay, kept)
        program = functools.partial(self.native_for, network, inputs)
        return replace(run, walk=critical_of(network, program, memory, depths, outcome, calls)), outcome

    def outcome(
        self, inputs: Inputs, network: Network, memory: Memory, depths: Mapping[str, int], limits: Limits
    ) -> tuple[Network, Outcome]:
        """What the engine leaves, and the network as it ran it."""
        native, logged = self.engine == "native", limits.recorded | output_channels(network.graph)
        engine: Callable[..., Outcome] = execute_native if native else execute
        started = functools.partial(
            engine,
            depths=depths,
            memory=memory,
            record=logged,
            until=limits.until,
            seconds=limits.seconds,
            watch=limits.watch,
            echo=limits.echo,
            calls=limits.calls,
            timeline=limits.timeline,
        )
        if native:
            detail = Detail.ALL if limits.timeline else Detail.TOKENS if logged else Detail.NOTHING
            with collector_paused():
                return self.run_native(network, inputs, started, detail)
        if limits.timeline:
            network = compile_network(network.module, network.graph, network.device, traced=True)
        return network, started(network)

    def perform(
        self,
        arguments: Sequence[object],
        named: Mapping[str, object],
        asked: Asked = PLAINLY,
    ) -> Run:
        """Runs it on arguments in order and by name; the result."""
        check_options(asked.until, asked.timeout, asked.calls, asked.on_deadlock)
        path = check_timeline(asked.timeline)
        if path is not None and self.engine == "native":
            check_native(self.program.graph, asked.calls)
        graph, record, on_deadlock = self.program.graph, asked.record, asked.on_deadlock
        inputs, network, memory = self.prepared(arguments, named)
        depths = channel_depths(graph, asked.depths, self.depths)
        recorded = frozenset(channel_names(graph, [record] if isinstance(record, str) else record))
        with (
            progress_of(graph.name, len(graph.actors), shown=asked.progress) as watch,
            timeline_to(path, network.graph) as events,
        ):
            limits = Limits(
                recorded=recorded,
                until=asked.until,
                seconds=asked.timeout,
                watch=watch,
                calls=asked.calls,
                timeline=events,
            )
            run, outcome = self.executed(inputs, network, memory, depths, limits)
        self.last_run = run
        if outcome.ending is Ending.INTERRUPTED:
            raise Interrupted(run)
        if outcome.failure is not None:
            raise RunError(problem_of(outcome.failure, run), run)
        if run.deadlock is not None and on_deadlock == "raise":
            raise Deadlock(run.deadlock, run)
        if run.livelock is not None and on_deadlock == "raise":
            raise Livelock(run.livelock, run)
        if outcome.ending is Ending.FINISHED:
            commit(graph, run.arrays, inputs.arrays)
            run = self.last_run = replace(run, result=returned(graph, inputs))
            self.state = {own.name: outcome.memory[own.name] for own in graph.memories if own.stateful}
        return run


def compile_simulator(
    given: Runnable,
    device: str | Device = "ideal",
    engine: str = "native",
    depths: Mapping[str, int] | None = None,
) -> Simulator:
    """Compiles a program for the simulator; raises `ProgramError` with every problem found.

    Machine code is made when it is first run.
    """
    if engine not in ENGINES:
        title = f"there is no engine {engine!r}"
        raise ProgramError(
            [Misuse(title=title, span=caller_span(), hint='write `engine="simpy"` or `engine="native"`')]
        )
    found = device_of(device)
    with collector_paused():
        return _compiled(given, found, engine, depths)


def _compiled(given: Runnable, found: Device, engine: str, depths: Mapping[str, int] | None) -> Simulator:
    program = with_depths(program_of(given), found)
    if problems := check_endless(program.module):
        raise ProgramError(problems)
    network = compile_network(program.module, program.graph, found)
    return Simulator(program, network, engine, channel_depths(program.graph, depths))
