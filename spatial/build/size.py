"""`sp.size_fifos`: the smallest depths of a region's channels."""

import dataclasses
import math
from collections.abc import Mapping

from spatial.build.arguments import channel_depths
from spatial.build.simulate import compile_simulator
from spatial.device.model import Device
from spatial.region.definition import Region
from spatial.sim.engine import Ending
from spatial.sim.sizing.engines import EngineEvaluator, evaluator_of, native_engine, reference_engine
from spatial.sim.sizing.errors import TimedProgram, UnreachableCycles
from spatial.sim.sizing.result import Sizing, sizing_of
from spatial.sim.sizing.search import replaced
from spatial.sim.sizing.size import Sizer, Solution, sizer_of
from spatial.source.errors import InternalError, Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["size_fifos"]

REFERENCE_OPERATIONS = 50_000  # of one run; larger ones are checked by the fast engine alone
REFERENCE_TOTAL = 200_000  # of all runs of the reference


def size_fifos(
    region: Region,
    /,
    *arguments: object,
    device: str | Device = "ideal",
    engine: str = "native",
    depths: Mapping[str, int] | None = None,
    cycles: int | None = None,
    slack: float | None = None,
    **named: object,
) -> Sizing:
    """The smallest channel depths with which a region never deadlocks and loses no throughput.

    Arguments are given as to `simulate`; they are only read. Without more the depths take the fewest cycles that any
    depths reach; with `cycles` at most so many, with `slack` at most that part more than the fewest (`slack=0.05`:
    5 %). Small means few block RAMs of the device's FPGA, then few bits (`spatial.device.storage`). `depths` stand in
    for declared ones in the comparison. `engine` runs the program again and again: "native", or "simpy"
    for programs that the native engine refuses.

    The depths hold for these arguments: where control depends on data, others may need more. They are checked: a run
    with them takes the cycles told, and one with any channel a token shallower deadlocks or takes more than were
    asked for. Where a run has less than 50,000 channel operations the reference engine repeats that (as far as it
    comes in 200,000 operations).

    Raises `ProgramError` for a wrong program or argument, where actors ask what a channel holds (time decides
    then), and where no depths reach `cycles`; `Deadlock` where the region deadlocks however deep its channels are;
    `RunError` where a run fails.
    """
    _check_request(cycles, slack)
    simulator = compile_simulator(region, device, "simpy" if engine == "native" else engine)
    graph = simulator.program.graph
    if graph.is_timed:
        raise ProgramError([TimedProgram(region=graph.name, span=caller_span())])
    inputs, network, memory = simulator.prepared(arguments, named)
    declared = channel_depths(network.graph, depths)
    reference = reference_engine(network, memory)
    fast = reference
    if engine == "native":
        fast = native_engine(network, simulator.native_for(network, inputs), memory)
    evaluator = evaluator_of(fast, declared)
    sizer = sizer_of(evaluator, network.device) if evaluator.settled.ending is Ending.FINISHED else None
    if sizer is None:
        simulator.perform(arguments, named, depths=depths)
        raise InternalError(f"`{graph.name}` runs with its own depths, but not with the deepest channels")
    target = _target(graph.name, sizer, cycles, slack)
    solution = sizer.smallest(target)
    return sizing_of(
        graph.name,
        network.device,
        sizer,
        solution,
        target=target,
        declared_cycles=evaluator.cycles([declared])[0],
        checked=_checked(sizer, solution, dataclasses.replace(evaluator, engine=reference), engine),
    )


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


def _checked(sizer: Sizer, solution: Solution, reference: EngineEvaluator, engine: str) -> str:
    """Repeats what the solution rests on with the reference engine, as far as that is affordable; who checked what."""
    search, vector = sizer.search, solution.vector
    places = [place for place, group in enumerate(search.groups) if vector[place] > group.least]
    every = f"{len(places)} of {len(vector)} channels can be a token shallower, and then miss the target"
    if engine == "simpy":
        return f"{every} (reference engine)"
    if reference.operations > REFERENCE_OPERATIONS:
        return f"{every} (native engine)"
    places = places[: REFERENCE_TOTAL // max(1, reference.operations)]
    vectors = [vector, *(replaced(vector, {place: vector[place] - 1}) for place in places)]
    expected = search.cycles(vectors)
    found = reference.cycles([search.depths(each) for each in vectors])
    if found != expected:
        raise InternalError(f"the engines disagree on the cycles of some depths: {expected} and {found}")
    return f"{every} (native engine; {len(places)} of them and the depths found by the reference engine too)"
