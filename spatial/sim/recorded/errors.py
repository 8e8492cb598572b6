"""What can be wrong with the file of a recorded design."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["BadDesign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadDesign:
    """A file that is no recorded design, or one that contradicts itself."""

    title: str
    span: Span
    label: str = ""
    hint: str = ""

    def report(self) -> Report:
        return Report(code="file/design", title=self.title, primary=Label(self.span, self.label), hint=self.hint)
