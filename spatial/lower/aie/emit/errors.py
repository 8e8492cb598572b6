"""What a program asks for that no core of an NPU does as we write it."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["NotOnNpu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOnNpu:
    """Something in a kernel that cannot be written for a core."""

    what: str
    why: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        title = f"{self.what} cannot run on a core of an NPU"
        return Report(code="aie/not-on-core", title=title, primary=Label(self.span, self.why), hint=self.hint)
