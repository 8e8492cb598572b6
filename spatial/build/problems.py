"""Makes a problem of what went wrong inside an actor."""

from spatial.ir.dialect import AssertOp
from spatial.sim.errors import AssertionFailed, RaceFound, RunFault
from spatial.sim.native.locals import told_soon
from spatial.sim.reference.engine import Failure
from spatial.sim.result import Run
from spatial.source.report import Problem

__all__ = ["problem_of"]


def problem_of(failure: Failure, run: Run) -> Problem:
    """The problem of a failure, with the locals of a run."""
    actor, span = failure.actor, failure.site.span
    names = told_soon(run.actors[actor].locals)
    if failure.site.operation == AssertOp.OPERATION_NAME:
        return AssertionFailed(message=failure.what, actor=actor, span=span, locals=names, calls=failure.site.calls)
    if failure.other_site is None:
        return RunFault(what=failure.what, actor=actor, span=span, locals=names, calls=failure.site.calls)
    return RaceFound(
        element=failure.what,
        first_actor=failure.other_actor,
        first=failure.other_site.span,
        second_actor=actor,
        second=span,
    )
