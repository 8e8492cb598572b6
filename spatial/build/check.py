"""`sp.check`: what is wrong with a region, found without running it."""

from spatial.analysis.counts import check_counts
from spatial.build.simulate import compile_simulator
from spatial.device.model import Device
from spatial.ir.graph import ActorGraph
from spatial.region.definition import Region
from spatial.source.errors import ProgramError

__all__ = ["check"]


def check(region: Region, *, device: str | Device = "ideal") -> ActorGraph:
    """Compiles a region with the timing of a device, proves that token counts agree where they are static.

    Gives the graph of its actors. Raises `ProgramError` with every problem found; a count that depends
    on data or on time is left to the run.
    """
    program = compile_simulator(region, device).program
    if problems := check_counts(program.module, program.graph):
        raise ProgramError(problems)
    return program.graph
