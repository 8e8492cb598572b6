"""The module that `sp.build(..., target="hls")` makes: a design for Vitis HLS that runs in C-simulation."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spatial.build.arguments import channel_depths, check_arrays, commit, encode_arrays
from spatial.build.asked import Limits
from spatial.build.check_hls import check_for_hls
from spatial.build.collector import collector_paused
from spatial.build.hls.compile import compile_csim, warnings_of
from spatial.build.hls.driven import Driven
from spatial.build.hls.exchange import inputs_as_bytes, results_of
from spatial.build.hls.failed import explained
from spatial.build.hls.server import Failure, Server
from spatial.build.inputs import Inputs, encode_tokens, sorted_inputs
from spatial.build.options import check_options
from spatial.build.problems import problem_of
from spatial.build.profile import Profile, profile_of
from spatial.build.results import returned
from spatial.build.simulate import Simulator
from spatial.build.subject import Runnable
from spatial.build.vendor.project import Project
from spatial.device.fpga import device_of
from spatial.device.model import Device
from spatial.lower.hls.design import Design, emit_design
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.rules.judge import check_code, check_guarantees
from spatial.region.program import Program
from spatial.sim.errors import RunError
from spatial.sim.numbers import Numbers
from spatial.sim.reference.network import compile_network
from spatial.sim.result import Run
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Problem
from spatial.source.span import caller_span

__all__ = ["HlsModule", "compile_hls"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
Memory = Mapping[str, Sequence[object]]
NOT_IN_CALLS = ("depths", "record")


@dataclass(slots=True)
class HlsModule(Driven):
    """A program as a design for Vitis HLS; call it with arguments as often as you like to run it in C-simulation.

    `str(module)` and `code` are its C++, `design` has its files, `interfaces` its ports. `program` is what was asked
    for, `legal` the program that the C++ says, which the simulator runs too; `notes` are what its user is to know, each
    with a `report()`. `outputs` are the tokens of output
    streams in the last call. Nothing is compiled by a C++ compiler before the first call. `export` writes it as a
    project for the vendor's tools, `project`, which `csyn`, `cosim`, `hw_emu` and `hw` are steps of.
    """

    program: Program
    legal: Program
    design: Design
    device: Device
    interfaces: Mapping[str, Interface]
    depths: Mapping[str, int]
    notes: tuple[Problem, ...] = ()
    outputs: dict[str, Array] = field(default_factory=dict)
    server: Server | None = field(default=None, repr=False)
    predicted: Simulator | None = field(default=None, repr=False)
    called: tuple[Inputs, Memory] | None = field(default=None, repr=False)
    run: Run | None = field(default=None, repr=False)
    project: Project | None = field(default=None, repr=False)
    results: dict[str, object] = field(default_factory=dict, repr=False)

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
        """The C++ that Vitis HLS is given, one file after the other."""
        return self.design.code

    def __str__(self) -> str:
        return self.code

    @property
    def simulator(self) -> Simulator:
        """What runs the same program with clocks: the prediction of the design's cycles."""
        if self.predicted is None:
            with collector_paused():
                network = compile_network(self.legal.module, self.legal.graph, self.device)
            self.predicted = Simulator(self.legal, network, "native", self.depths)
        return self.predicted

    @property
    def last_run(self) -> Run | None:
        """The predicted run of the last call, None before the first; it may be computed now.

        Stateful memory begins with its first values in it.
        """
        if self.called is not None:
            inputs, memory = self.called
            self.run, self.called = self.predict(inputs, memory), None
        return self.run

    def predict(self, inputs: Inputs, memory: Memory) -> Run:
        """How the simulator runs the design, which prints nothing; raises `RunError` where an operation fails."""
        simulator = self.simulator
        network = simulator.network_for(inputs)
        found, outcome = simulator.executed(inputs, network, memory, self.depths, Limits(echo=False))
        if outcome.failure is not None:
            raise RunError(problem_of(outcome.failure, found), found)
        return found

    def reset(self) -> None:
        """Gives all stateful memory its first values again."""
        if self.server is not None:
            self.server.stop()

    def __call__(self, *arguments: object, timeout: float | None = None, **named: object) -> object:
        """Runs it in C-simulation and writes the outputs into the arrays; what it returns.

        The first call compiles it, unless the same text was compiled before. Raises as `simulate` does, `ToolError`
        where there is no C++ compiler, and `ProgramError` (hls/csim) where it takes longer than `timeout` seconds or
        goes wrong in C-simulation alone; then stateful memory has its first values again.
        """
        return self.perform(arguments, named, timeout)

    def perform(self, arguments: Sequence[object], named: Mapping[str, object], timeout: float | None = None) -> object:
        """A call with its arguments in order and by name; what it returns."""
        check_options(None, timeout, 1, "raise")
        self.check_named(named)
        graph = self.program.graph
        inputs = sorted_inputs(graph, arguments, named)
        given = check_arrays(graph, inputs.arrays)
        memory = {**encode_arrays(graph, given), **inputs.scalars, **encode_tokens(graph, inputs.tokens)}
        try:
            data = self.started().call(inputs_as_bytes(graph, memory), timeout)
        except Failure as failure:
            raise explained(self.name, failure, timeout, lambda: self.predict(inputs, memory)) from None
        results, self.outputs = results_of(graph, self.design.written, data)
        kept = {name: values.copied() if isinstance(values, Numbers) else values for name, values in memory.items()}
        self.called = inputs, kept
        commit(graph, results, inputs.arrays)
        return returned(graph, inputs)

    def check_named(self, named: Mapping[str, object]) -> None:
        """Raises `ProgramError` where a call is given what belongs to the build."""
        parameters = {parameter.name for parameter in self.program.graph.parameters}
        if name := next((name for name in NOT_IN_CALLS if name in named and name not in parameters), None):
            title = f"`{name}` is no option of a call in C-simulation"
            hint = "give it to `sp.build(...)`" if name == "depths" else "give it to `sp.simulate(...)`"
            raise ProgramError([Misuse(title=title, span=caller_span(name), hint=hint)])

    @property
    def warnings(self) -> str:
        """What the C++ compiler warns of; it is run now unless it was before."""
        return warnings_of(compile_csim(self.design))

    def started(self) -> Server:
        """What runs the design, compiled."""
        if self.server is None:
            self.server = Server(compile_csim(self.design), lambda text: print(text, end="", file=sys.stdout))
        return self.server

    def profile(self, *arguments: object, warmup: int = 10, iterations: int = 100, **named: object) -> Profile:
        """Calls it `warmup` times, then `iterations` times with a clock; the arrays are as the last call leaves them.

        Raises as a call does, and `ProgramError` where there is no iteration.
        """
        return profile_of(lambda: self.perform(arguments, named), warmup, iterations)


def compile_hls(
    given: Runnable,
    device: str | Device = "hls",
    depths: Mapping[str, int] | None = None,
    interfaces: Mapping[str, Interface] | None = None,
    *,
    proven: bool = False,
) -> HlsModule:
    """Makes a design of a program; raises `ProgramError` with everything that is wrong, rules of Vitis HLS included.

    With `proven` it is run without values first, which shows every deadlock, as far as no value decides them.
    """
    with collector_paused():
        checked = check_for_hls(given, device=device, interfaces=interfaces, depths=depths, proven=proven)
        found, ports, made = device_of(device), checked.interfaces, checked.legal
        legal = Program(name=checked.program.name, module=made.module, graph=made.graph)
        depth_of = channel_depths(legal.graph, depths)
        for each in checked.subjects(found):
            check_guarantees(each)
        design = emit_design(
            legal.module, legal.graph, device=found, interfaces=ports, depths=depth_of, parts=made.parts
        )
        check_code(design.files, design.top.name, [each.name for each in design.top.dataflow])
    return HlsModule(checked.program, legal, design, found, ports, depth_of, checked.notes)
