"""Finds what holds a run up, by running it once more."""

from collections.abc import Callable, Mapping, Sequence

from spatial.analysis.sharing import array_uses
from spatial.ir.graph import ActorGraph
from spatial.sim.explain.critical import Critical, critical_path
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.numbers import Numbers
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
    """What tells of a run that left an outcome what it hangs on; the native engine runs it if it can.

    `memory` is what the run was given. Its results may be written there afterwards.
    """
    given = _kept(network.graph, memory)
    tokens = {name: fifo.initial + fifo.puts for name, fifo in outcome.fifos.items()}
    ends = {name: int(cycle) for name, cycle in outcome.acts.items()}

    def found() -> Critical:
        try:
            engine = native_engine(network, program(), given, calls)
        except ProgramError:
            engine = reference_engine(network, given, calls)
        return critical_path(network, depths, engine.stamps(depths, tokens), ends)

    return found


def _kept(graph: ActorGraph, memory: Mapping[str, Sequence[object]]) -> Mapping[str, Sequence[object]]:
    """The same memory, apart from the user's where elements are read that are written as well."""
    changed = {name for name, use in array_uses(graph).items() if use.readers and use.writers}
    return {
        name: values.copied() if isinstance(values, Numbers) and name in changed else values
        for name, values in memory.items()
    }
