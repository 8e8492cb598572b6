"""Reports an exception of the user's own code by the user's own lines."""

import sysconfig
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["Raised", "raised"]

OURS = Path(__file__).parents[1]
INSTALLED = tuple(Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib", "purelib", "platlib"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The user's code raised an exception: the way there by the user's lines, the innermost last."""

    error: str
    message: str
    trail: tuple[Span, ...]

    def report(self) -> Report:
        *outer, innermost = self.trail
        return Report(
            code="file/raised",
            title=f"{self.error}: {self.message}" if self.message else self.error,
            primary=Label(innermost, "raised while this ran"),
            related=tuple(Label(span, "called here") for span in reversed(outer)),
        )


def raised(error: BaseException) -> Raised | None:
    """The problem of an exception; None where no line of the user's had a part in it."""
    if isinstance(error, SyntaxError) and error.filename:
        trail = (*_user_lines(error), _syntax_span(error))
        return Raised(error=type(error).__name__, message=error.msg, trail=trail)
    trail = tuple(_user_lines(error))
    return Raised(error=type(error).__name__, message=str(error), trail=trail) if trail else None


def _syntax_span(error: SyntaxError) -> Span:
    line, column = error.lineno or 1, error.offset or 1
    return Span(str(error.filename), line, column, error.end_lineno or line, max(error.end_offset or 0, column + 1))


def _user_lines(error: BaseException) -> Iterator[Span]:
    for frame in traceback.extract_tb(error.__traceback__):
        if not _is_machinery(frame.filename):
            line = frame.lineno or 1
            yield Span(
                frame.filename,
                line,
                (frame.colno or 0) + 1,
                frame.end_lineno or line,
                (frame.end_colno or 0) + 1,
            )


def _is_machinery(file: str) -> bool:
    """Whether a frame is ours or of something installed: neither tells the user anything."""
    folders = Path(file).parents
    return file.startswith("<") or any(folder in folders for folder in (OURS, *INSTALLED))
