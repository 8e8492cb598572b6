"""Runs all iterations of a loop at once."""

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.mlir import func, ir
from spatial.schedule.legality import check_independent
from spatial.schedule.loops.jam import check_shared, jam_whole, own_locals
from spatial.schedule.loops.requests import counted_trips, for_loop

__all__ = ["parallel"]


def parallel(function: func.FuncOp, loop: ir.OpView) -> None:
    """Builds every iteration of a loop, side by side: the loop is gone, each loop inside does all of them in turn.

    The iterations must be independent: none needs what another one does, not even for a sum. A local that every
    iteration writes before it reads is one for each of them.
    """
    counting = for_loop(loop, "parallel")
    counted_trips(counting, "parallel", "write `unroll_and_jam` with a factor")
    check_shared(counting, "parallel")
    dependences = Dependences.of(function)
    own = own_locals(dependences, counting)
    check_independent(dependences, counting, own)
    jam_whole(function, counting, own, "parallel")
