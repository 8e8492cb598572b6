"""`sp.check`: what is wrong with a region, found without running it."""

from spatial.analysis.counts import check_counts
from spatial.analysis.races import check_races
from spatial.build.simulate import compile_simulator
from spatial.device.model import Device
from spatial.ir.graph import ActorGraph
from spatial.region.definition import Region
from spatial.source.errors import ProgramError

__all__ = ["check"]


def check(region: Region, *, device: str | Device = "ideal") -> ActorGraph:
    """Compiles a region with the timing of a device, then looks for what would surely go wrong in a run.

    That is: ends of a channel that pass different numbers of tokens, and accesses to an element of an
    array that nothing orders. What depends on data or on time is left to the run. Gives the graph of
    its actors; raises `ProgramError` with every problem found.
    """
    program = compile_simulator(region, device).program
    counted = check_counts(program.module, program.graph)
    if problems := [*counted, *check_races(program.module, program.graph)]:
        raise ProgramError(problems)
    return program.graph
