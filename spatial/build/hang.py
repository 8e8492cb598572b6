"""Why a run went no further."""

from collections.abc import Mapping, Sequence

from spatial.build.timed import quick_attempt
from spatial.sim.explain.deadlock import DeadlockReport
from spatial.sim.explain.trials import explain
from spatial.sim.reference.engine import Ending, Outcome
from spatial.sim.reference.network import Network

__all__ = ["deadlock_of"]

Memory = Mapping[str, Sequence[object]]


def deadlock_of(
    network: Network, outcome: Outcome, depths: Mapping[str, int], memory: Memory, calls: int, *, quick: bool
) -> DeadlockReport | None:
    """The report of a run that ended in a deadlock; other depths are tried without values if that is `quick`."""
    if outcome.ending is not Ending.DEADLOCK:
        return None
    attempt = quick_attempt(network, calls) if quick else None
    return explain(network, outcome, depths, memory, attempt, calls=calls)
