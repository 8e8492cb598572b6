"""Finds what holds a run up, by running it once more."""

from collections.abc import Callable, Mapping, Sequence

from spatial.sim.explain.critical import Critical, critical_path
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.reference.engine import Outcome
from spatial.sim.reference.network import Network
from spatial.sim.sizing.engines import native_engine, reference_engine
from spatial.source.errors import ProgramError

__all__ = ["critical_of"]


def critical_of(
    network: Network,
    program: Callable[[], NativeProgram],
    memory: Mapping[str, Sequence[object]],
    depths: Mapping[str, int],
    outcome: Outcome,
    calls: int,
) -> Callable[[], Critical]:
    """What tells of a run that left an outcome what it hangs on; the native engine runs it if it can."""
    tokens = {name: fifo.initial + fifo.puts for name, fifo in outcome.fifos.items()}
    ends = {name: int(cycle) for name, cycle in outcome.acts.items()}

    def found() -> Critical:
        try:
            engine = native_engine(network, program(), memory, calls)
        except ProgramError:
            engine = reference_engine(network, memory, calls)
        return critical_path(network, depths, engine.stamps(depths, tokens), ends)

    return found
