"""Refuses steps of a schedule that would change what a program computes."""

from collections.abc import Collection, Sequence

from spatial.analysis.dependence.accesses import Access
from spatial.analysis.dependence.dependences import Dependences
from spatial.analysis.dependence.violation import Violation
from spatial.ir.location import span_of
from spatial.ir.mlir import ir, scf
from spatial.schedule.errors import Dependent, OrderBroken
from spatial.schedule.naming import loop_name
from spatial.schedule.orders import Order
from spatial.source.errors import ProgramError
from spatial.source.span import Span, caller_span

__all__ = ["check_order"]


def check_order(
    dependences: Dependences,
    order: Order,
    step: str,
    loops: Sequence[scf.ForOp],
    own: Collection[ir.Value] = (),
) -> None:
    """Refuses a new order that breaks a dependence; of the locals `own` each copy of a body has its own."""
    violation = dependences.violated(order(dependences.times), own=own)
    if violation is not None:
        raise ProgramError([_broken(dependences, violation, step, loops)])


def check_independent(dependences: Dependences, loop: scf.ForOp, own: Collection[ir.Value]) -> None:
    """Refuses a loop of which an iteration needs another one; of the locals `own` each iteration has its own."""
    for each in dependences.carried(loop):
        if each.private and any(each.source.resource.local == local for local in own):
            continue
        name = each.source.resource.name
        places = ((span_of(loop.location), "the loop"), *_accesses(each.kind, each.source, each.sink))
        raise ProgramError([Dependent(loop=loop_name(loop), name=name, span=caller_span(), places=places)])


def _broken(dependences: Dependences, violation: Violation, step: str, loops: Sequence[scf.ForOp]) -> OrderBroken:
    """What is told of a dependence that a step would break."""
    named = [(span_of(loop.location), f"`{loop_name(loop)}`") for loop in loops]
    return OrderBroken(
        title=_title(violation, step),
        span=caller_span(),
        places=(*_together(named), *_accesses(violation.kind, violation.source, violation.sink)),
        example=violation.sentence,
        hint=_hint(dependences, violation),
    )


def _together(places: Sequence[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """Places with all that is said of each of them."""
    found: dict[Span, list[str]] = {}
    for span, text in places:
        found.setdefault(span, []).append(text)
    return [(span, ", ".join(dict.fromkeys(texts))) for span, texts in found.items()]


def _title(violation: Violation, step: str) -> str:
    match violation.kind:
        case "channel":
            return f"`{step}` would change the order of what is done to `{violation.name}`"
        case "messages":
            return f"`{step}` would change the order of what is printed"
    return f"`{step}` would change what `{violation.name}` holds"


def _accesses(kind: str, source: Access, sink: Access) -> list[tuple[Span, str]]:
    """Where two operations are, and what they do there."""
    places = _together([(access.span, _deed(kind, access)) for access in (source, sink)])
    return [(span, f"{text.replace(', ', ' and ')} here") for span, text in places]


def _deed(kind: str, access: Access) -> str:
    words = {"channel": "used", "messages": "printed"}
    return words.get(kind, "written" if access.writes else "read")


def _hint(dependences: Dependences, violation: Violation) -> str:
    """What to write where only the order of a sum of floats is in the way."""
    for update in dependences.reductions:
        if (
            update.floating
            and violation.source in (update.load, update.store)
            and violation.sink in (update.load, update.store)
        ):
            return "a sum of floats depends on its order; `for k in sp.reduction(n)` says that any order will do"
    return ""
