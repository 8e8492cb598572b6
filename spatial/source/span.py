"""A stretch of the user's text."""

import sys
from dataclasses import dataclass

__all__ = ["UNKNOWN", "Span", "caller_span"]

PACKAGE = "spatial."


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `line:column` up to, not including, `end_line:end_column`; lines and columns count characters from 1."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


UNKNOWN = Span("<unknown>", 0, 0, 0, 0)


def caller_span() -> Span:
    """Where the user's own code called into the package: the innermost frame outside of it."""
    frame = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(PACKAGE):
        frame = frame.f_back
    code = frame.f_code
    positions = list(code.co_positions())[frame.f_lasti // 2]
    line, end_line, start, end = (position or 0 for position in positions)
    return Span(code.co_filename, line, start + 1, end_line, end + 1)
