"""What a diagnostic says, before anyone draws it."""

from dataclasses import dataclass, field
from typing import Protocol

from spatial.source.span import Span

__all__ = ["Label", "Problem", "Report"]


@dataclass(frozen=True, slots=True)
class Label:
    """A fragment of a sentence under a span."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One diagnostic: `code` is stable and documented, `title` says what is wrong in the user's words.

    `primary` is the smallest wrong span, `related` the other places that matter, `notes` whole
    sentences, `hint` something to type.
    """

    code: str
    title: str
    primary: Label
    related: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    hint: str = ""
    severity: str = field(default="error")


class Problem(Protocol):
    """Something wrong with the user's program, as data; each package defines its own in `errors.py`."""

    def report(self) -> Report:
        """How to tell the user."""
        ...
