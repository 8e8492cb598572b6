"""What can be wrong with a kernel's compile-time part."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["EvaluationFailed", "StrayBranch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationFailed:
    """A compile-time expression raised an exception."""

    error: str
    pid: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="meta/evaluation",
            title=f"this compile-time expression fails at {self.pid}",
            primary=Label(self.span, self.error),
            hint="compile-time expressions are run by Python, once for each PE; guard it with `sp.meta_if`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayBranch:
    """A `meta_elif` or `meta_else` without the `meta_if` it continues."""

    word: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="meta/stray-branch",
            title=f"this `{self.word}` continues no `meta_if`",
            primary=Label(self.span, "nothing precedes it that it could follow"),
            hint="put it directly behind a `with sp.meta_if(...):` block, at the same indentation",
        )
