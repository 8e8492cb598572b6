"""`sp.size_fifos`: the smallest depths of a region's channels."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spatial.analysis.extraction import processes_of
from spatial.analysis.processes import ProcessNetwork
from spatial.build.arguments import channel_depths
from spatial.build.asked import Asked
from spatial.build.simulate import Simulator, compile_simulator
from spatial.build.subject import Runnable
from spatial.device.model import Device
from spatial.ir.graph import ActorGraph
from spatial.sim.recorded.network import load_network
from spatial.sim.recorded.replay import check_depths
from spatial.sim.sizing.engines import evaluator_of, native_engine, reference_engine
from spatial.sim.sizing.errors import TimedProgram, UnreachableCycles
from spatial.sim.sizing.evaluator import Depths, Evaluator
from spatial.sim.sizing.result import Sizing, sizing_of
from spatial.sim.sizing.search import replaced
from spatial.sim.sizing.size import Sizer, Solution, sizer_of
from spatial.sim.sizing.timed import TimingEvaluator
from spatial.sim.timing.engine import MOST_TOKENS
from spatial.source.errors import InternalError, Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.types.values import numpy_dtype

__all__ = ["size_fifos"]

REFERENCE_OPERATIONS = 50_000  # of one run; larger ones are checked by the fast engine alone
REFERENCE_TOTAL = 200_000  # of all runs of the reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is sized: `evaluator` runs it on `engine`, `reference` tells what the reference engine finds, if it can.

    `fail` tells why nothing runs, however deep channels are.
    """

    name: str
    device: Device
    evaluator: Evaluator
    engine: str
    fail: Callable[[], object]
    reference: Callable[[Depths], int | None] | None = None


def size_fifos(
    given: Runnable | str | Path,
    /,
    *arguments: object,
    device: str | Device = "ideal",
    engine: str = "native",
    depths: Mapping[str, int] | None = None,
    cycles: int | None = None,
    slack: float | None = None,
    **named: object,
) -> Sizing:
    """The smallest channel depths with which a program never deadlocks and loses no throughput.

    Arguments are given as to `simulate`; they are only read, and may all be left out where control does not depend on
    them. Without more the depths take the fewest cycles that any depths reach; with `cycles` at most so many, with
    `slack` at most that part more than the fewest (`slack=0.05`: 5 %). Small means few block RAMs of an FPGA, then few
    bits (`spatial.device.storage` has the rules and their source). `depths` stand in for declared ones in the
    comparison. `engine` runs the program again and again: "native", without values where control does not depend on
    them, or "simpy". A recorded design is given by the path of its file.

    The depths hold for these arguments: where control depends on data, others may need more. They are checked: a run
    with them takes the cycles told, and one with any channel a token shallower deadlocks or takes more than were
    asked for. Where a run has less than 50,000 channel operations the reference engine repeats that (as far as it
    comes in 200,000 operations).

    Raises `ProgramError` for a wrong program or argument, where actors ask what a channel holds (time decides
    then), and where no depths reach `cycles`; `Deadlock` where the region deadlocks however deep its channels are;
    `RunError` where a run fails.
    """
    _check_request(cycles, slack)
    if isinstance(given, str | Path):
        subject = _recorded(given, [*arguments, *named.values()], depths or {})
    else:
        subject = _program(given, device, engine, arguments, named, depths)
    sizer = sizer_of(subject.evaluator, subject.device)
    if sizer is None:
        subject.fail()
        raise InternalError(f"`{subject.name}` runs with its own depths, but not with the deepest channels")
    target = _target(subject.name, sizer, cycles, slack)
    solution = sizer.smallest(target)
    return sizing_of(
        subject.name,
        subject.device,
        sizer,
        solution,
        target=target,
        declared_cycles=subject.evaluator.cycles([{each.name: each.declared for each in subject.evaluator.channels}])[
            0
        ],
        checked=_checked(sizer, solution, subject),
    )


def _recorded(path: str | Path, arguments: Sequence[object], depths: Mapping[str, int]) -> Subject:
    """A recorded design."""
    network = load_network(path)
    if arguments:
        title = f"`{network.name}` is a recorded design, it takes no arguments"
        raise ProgramError([Misuse(title=title, span=caller_span())])
    check_depths(network, depths)
    return Subject(
        name=network.name,
        device=network.device,
        evaluator=_timing(network.with_depths(depths)),
        engine="timing engine",
        fail=lambda: _fail(network.name),
    )


def _timing(network: ProcessNetwork) -> TimingEvaluator:
    """Runs without values; raises `ProgramError` where the deepest channels of a trial do not fit into memory."""
    evaluator = TimingEvaluator(network)
    if not evaluator.fits:
        title = f"`{network.name}` passes too many tokens to be sized"
        note = f"the search begins with channels that hold all their tokens, {MOST_TOKENS} of them together at most"
        hint = "make its loops shorter for the search, then try the depths: `sp.simulate(..., depths=...)`"
        raise ProgramError([Misuse(title=f"{title}: {note}", span=caller_span(), hint=hint)])
    return evaluator


def _fail(name: str) -> None:
    title = f"`{name}` deadlocks however deep its FIFOs are"
    raise ProgramError([Misuse(title=title, span=caller_span(), hint='see where: `sp.replay("...")`')])


def _program(
    given: Runnable,
    device: str | Device,
    engine: str,
    arguments: Sequence[object],
    named: Mapping[str, object],
    depths: Mapping[str, int] | None,
) -> Subject:
    """A program, on the fastest engine that can run it."""
    simulator = compile_simulator(given, device, "simpy" if engine == "native" else engine)
    graph = simulator.program.graph
    if graph.is_timed:
        raise ProgramError([TimedProgram(region=graph.name, span=caller_span())])
    if not (arguments or named) and engine == "native" and _without_values(simulator):
        return _untouched(simulator, channel_depths(graph, depths))
    inputs, network, memory = simulator.prepared(arguments, named)
    declared = channel_depths(network.graph, depths)
    reference = reference_engine(network, memory)
    processes = processes_of(network.graph, network.module, network.timings, network.device)
    evaluator: Evaluator
    if engine == "simpy":
        evaluator, who = evaluator_of(reference, declared), "reference engine"
    elif isinstance(processes, ProcessNetwork):
        evaluator, who = _timing(processes.with_depths(declared)), "timing engine"
    else:
        fast = native_engine(network, simulator.native_for(network, inputs), memory)
        evaluator, who = evaluator_of(fast, declared), "native engine"
    return Subject(
        name=graph.name,
        device=network.device,
        evaluator=evaluator,
        engine=who,
        fail=lambda: simulator.perform(arguments, named, Asked(depths=depths)),
        reference=None if engine == "simpy" else lambda depths: reference.cycles({**declared, **depths}),
    )


def _without_values(simulator: Simulator) -> bool:
    """Whether a region takes arrays and numbers, none of which decides what it does."""
    network, graph = simulator.network, simulator.program.graph
    if not graph.parameters or any(parameter.stream for parameter in graph.parameters):
        return False
    return isinstance(processes_of(network.graph, network.module, network.timings, network.device), ProcessNetwork)


def _untouched(simulator: Simulator, declared: Mapping[str, int]) -> Subject:
    """A region that is given no arguments."""
    network = simulator.network
    processes = processes_of(network.graph, network.module, network.timings, network.device)
    assert isinstance(processes, ProcessNetwork)
    name = network.graph.name
    return Subject(
        name=name,
        device=network.device,
        evaluator=_timing(processes.with_depths(declared)),
        engine="timing engine",
        fail=lambda: simulator.perform((), _zeros(network.graph), Asked(depths=declared)),
    )


def _zeros(graph: ActorGraph) -> dict[str, object]:
    """Arguments, where no value matters."""
    given = [each for each in graph.arrays if each.name not in graph.made]
    arrays = {each.name: np.zeros(each.type.shape, numpy_dtype(each.type.element)) for each in given}
    return {**arrays, **{each.name: 0 for each in graph.scalars}}


def _check_request(cycles: int | None, slack: float | None) -> None:
    """What can be asked for."""
    if cycles is not None and slack is not None:
        title = "`cycles` and `slack` both say how long a run may take"
        raise ProgramError([Misuse(title=title, span=caller_span("slack"), hint="leave one of them out")])
    if cycles is not None and (isinstance(cycles, bool) or not isinstance(cycles, int) or cycles < 1):
        title = f"`cycles` is a number of cycles of at least 1, not `{cycles!r}`"
        raise ProgramError([Misuse(title=title, span=caller_span("cycles"))])
    if slack is not None and not (isinstance(slack, int | float) and 0 <= slack < math.inf):
        title = f"`slack` is the part by which a run may be longer, a number of at least 0, not `{slack!r}`"
        raise ProgramError([Misuse(title=title, span=caller_span("slack"), hint="write `slack=0.05` for 5 %")])


def _target(region: str, sizer: Sizer, cycles: int | None, slack: float | None) -> int:
    """The most cycles that a run may take."""
    fewest = sizer.best.cycles
    if cycles is not None and cycles < fewest:
        problem = UnreachableCycles(region=region, asked=cycles, fewest=fewest, span=caller_span("cycles"))
        raise ProgramError([problem])
    return math.floor(fewest * (1 + (slack or 0))) if cycles is None else cycles


def _checked(sizer: Sizer, solution: Solution, subject: Subject) -> str:
    """Repeats what the solution rests on with the reference engine, as far as that is affordable; who checked what."""
    search, vector = sizer.search, solution.vector
    places = [place for place, group in enumerate(search.groups) if vector[place] > group.least]
    channels = sum(len(search.groups[place].channels) for place in places)
    every = (
        f"{channels} of {len(subject.evaluator.channels)} channels can be a token shallower and then miss the target"
    )
    if subject.reference is None or subject.evaluator.operations > REFERENCE_OPERATIONS:
        return f"{every} ({subject.engine})"
    affordable = places[: REFERENCE_TOTAL // max(1, subject.evaluator.operations)]
    vectors = [vector, *(replaced(vector, {place: vector[place] - 1}) for place in affordable)]
    expected = search.cycles(vectors)
    found = [subject.reference(search.depths(each)) for each in vectors]
    if found != expected:
        raise InternalError(f"the engines disagree on the cycles of some depths: {expected} and {found}")
    part = "all of it" if affordable == places else f"the depths and {len(affordable)} of these"
    return f"{every} ({subject.engine}; {part} by the reference engine too)"
