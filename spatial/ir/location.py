"""Spans, user names and calls as MLIR locations."""

from collections.abc import Sequence

from spatial.ir.mlir import ir
from spatial.source.span import UNKNOWN, Span

__all__ = ["Call", "calls_of", "location", "name_of", "span_of"]

Call = tuple[str, Span]  # a function's name, and where it is called


def location(span: Span, name: str | None = None, calls: Sequence[Call] = ()) -> ir.Location:
    """The location of a span; with `name`, the one of a value the user calls so.

    `calls` are those of functions that are written out around it, the innermost first.
    """
    place = _place(span)
    if calls:
        place = ir.Location.callsite(place, [ir.Location.name(called, _place(at)) for called, at in calls])
    return ir.Location.name(name, place) if name else place


def _place(span: Span) -> ir.Location:
    return ir.Location.file(span.file, span.line, span.column, span.end_line, span.end_column)


def span_of(place: ir.Location) -> Span:
    """The span a location was made from, or `UNKNOWN`."""
    match place:
        case ir.NameLoc():
            return span_of(place.child_loc)
        case ir.CallSiteLoc():
            return span_of(place.callee)
        case ir.FileLineColLoc():
            return Span(place.filename, place.start_line, place.start_col, place.end_line, place.end_col)
    return UNKNOWN


def name_of(place: ir.Location) -> str | None:
    """The user's name for the value at a location, if it has one."""
    return place.name_str if isinstance(place, ir.NameLoc) else None


def calls_of(place: ir.Location) -> tuple[Call, ...]:
    """The calls of functions around a location, the innermost first."""
    if isinstance(place, ir.NameLoc):
        return calls_of(place.child_loc)
    if not isinstance(place, ir.CallSiteLoc):
        return ()
    callers: list[ir.Location] = []
    caller: ir.Location = place.caller
    while isinstance(caller, ir.CallSiteLoc):
        callers.append(caller.callee)
        caller = caller.caller
    return tuple((name_of(each) or "", span_of(each)) for each in (*callers, caller))
