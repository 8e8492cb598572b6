"""A stretch of the user's text."""

import ast
import itertools
import linecache
import sys
import types
from dataclasses import dataclass

__all__ = ["UNKNOWN", "Span", "caller_frame", "caller_span", "code_span"]

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


def caller_frame() -> types.FrameType:
    """The frame of the user's own code that called into the package: the innermost one outside of it."""
    frame = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(PACKAGE):
        frame = frame.f_back
    return frame


def caller_span(argument: str | None = None) -> Span:
    """Where the user's own code called into the package; with `argument`, what it gave for that keyword, if it did."""
    frame = caller_frame()
    span = code_span(frame.f_code, frame.f_lasti)
    return _argument_span(span, argument) if argument else span


def code_span(code: types.CodeType, instruction: int) -> Span:
    """The text that an instruction of a function was compiled from."""
    positions = next(itertools.islice(code.co_positions(), instruction // 2, None), (0, 0, 0, 0))
    line, end_line, start, end = (position or 0 for position in positions)
    first, last = _characters(code.co_filename, line, start), _characters(code.co_filename, end_line, end)
    return Span(code.co_filename, line, first + 1, end_line, last + 1)


def _characters(file: str, line: int, offset: int) -> int:
    """Python counts bytes of UTF-8, people count characters."""
    return len(linecache.getline(file, line).encode()[:offset].decode(errors="replace")) if offset else 0


def _argument_span(span: Span, argument: str) -> Span:
    """The part of a call's span where a keyword is given its value; all of the span where that is not found."""
    if span.line != span.end_line:
        return span
    text = linecache.getline(span.file, span.line)[span.column - 1 : span.end_column - 1]
    try:
        call = ast.parse(text, mode="eval").body
    except SyntaxError:
        return span
    for keyword in call.keywords if isinstance(call, ast.Call) else ():
        if keyword.arg == argument and keyword.value.end_col_offset is not None and text.isascii():
            start, end = span.column + keyword.value.col_offset, span.column + keyword.value.end_col_offset
            return Span(span.file, span.line, start, span.line, end)
    return span
