"""Tells which calls of functions a place stands in."""

from collections.abc import Sequence

from spatial.ir.location import Call
from spatial.source.report import Label

__all__ = ["call_labels"]


def call_labels(calls: Sequence[Call]) -> tuple[Label, ...]:
    """A label for each call, the innermost first."""
    return tuple(Label(span, f"in this call of `{name}`") for name, span in calls)
