"""Whether iterations of loops that shall run side by side have nothing to do with each other."""

from collections.abc import Sequence

import islpy

from spatial.analysis.dependence.accesses import Access
from spatial.analysis.dependence.dependence import Dependence
from spatial.analysis.dependence.dependences import Dependences
from spatial.analysis.dependence.sets import IN, OUT, first_pair
from spatial.ir.mlir import func, scf
from spatial.schedule.errors import NotPossible
from spatial.source.errors import ProgramError
from spatial.source.span import Span, caller_span

__all__ = ["check_apart"]

REDUCTION = "unfold the loops around the sum, or sum parts of it in PEs of their own and add these up"


def check_apart(function: func.FuncOp, loops: Sequence[scf.ForOp], step: str) -> None:
    """Refuses loops of which two iterations touch one element, that one of them writes, or one channel."""
    for dependence in Dependences.of(function).all:
        between = None if dependence.private else _between(dependence, loops)
        if between is not None and not between.is_empty():
            raise ProgramError([_shared(dependence, between, step)])


def _between(dependence: Dependence, loops: Sequence[scf.ForOp]) -> islpy.Map:
    """The pairs of a dependence that lie in different iterations of the loops."""
    within = dependence.relation
    for loop in loops:
        within = within.equate(IN, _place(dependence.source, loop), OUT, _place(dependence.sink, loop))
    return dependence.relation.subtract(within)


def _place(access: Access, loop: scf.ForOp) -> int:
    """The place of a loop among those around an access."""
    return next(place for place, each in enumerate(access.loops) if each.op == loop)


def _shared(dependence: Dependence, between: islpy.Map, step: str) -> NotPossible:
    name, kind = dependence.source.resource.name, dependence.kind
    whose = {"channel": "one channel has one end each", "messages": "what is printed has an order"}
    accesses = zip((dependence.source, dependence.sink), first_pair(between), strict=True)
    return NotPossible(
        title=f"`{step}` would give `{name}` to several PEs: {whose.get(kind, 'one needs what another did')}",
        span=caller_span(),
        places=_together([(access.span, _told(access, kind, at)) for access, at in accesses]),
        hint=REDUCTION if dependence.reduction else "",
    )


def _told(access: Access, kind: str, at: Sequence[int]) -> str:
    """What an access does in an iteration."""
    deed = {"channel": "used", "messages": "printed"}.get(kind, "written" if access.writes else "read")
    values = ", ".join(f"{loop.name} = {value}" for loop, value in zip(access.loops, at, strict=True))
    return f"{deed} at {values}"


def _together(places: Sequence[tuple[Span, str]]) -> tuple[tuple[Span, str], ...]:
    """Places with all that is said of each of them."""
    found: dict[Span, list[str]] = {}
    for span, text in places:
        found.setdefault(span, []).append(text)
    return tuple((span, " and ".join(texts)) for span, texts in found.items())
