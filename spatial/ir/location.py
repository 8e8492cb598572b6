"""Spans and user names as MLIR locations."""

from spatial.ir.mlir import ir
from spatial.source.span import UNKNOWN, Span

__all__ = ["location", "name_of", "span_of"]


def location(span: Span, name: str | None = None) -> ir.Location:
    """The location of a span; with `name`, the one of a value the user calls so."""
    place = ir.Location.file(span.file, span.line, span.column, span.end_line, span.end_column)
    return ir.Location.name(name, place) if name else place


def span_of(place: ir.Location) -> Span:
    """The span a location was made from, or `UNKNOWN`."""
    match place:
        case ir.NameLoc():
            return span_of(place.child_loc)
        case ir.FileLineColLoc():
            return Span(place.filename, place.start_line, place.start_col, place.end_line, place.end_col)
    return UNKNOWN


def name_of(place: ir.Location) -> str | None:
    """The user's name for the value at a location, if it has one."""
    return place.name_str if isinstance(place, ir.NameLoc) else None
