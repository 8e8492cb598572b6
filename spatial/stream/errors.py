"""What can be wrong with a stream's declaration or use."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["BadChannelIndex", "ChannelIndexError"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadChannelIndex:
    """An index that names no channel of a stream array."""

    element: str
    why: str
    span: Span
    pid: str = ""
    hint: str = ""

    def report(self) -> Report:
        at = f" at `{self.pid}`" if self.pid else ""
        title = f"`{self.element}` names no channel{at}"
        return Report(code="stream/index", title=title, primary=Label(self.span, self.why), hint=self.hint)


class ChannelIndexError(IndexError):
    """Raised by indexing a stream array wrongly while a region or a kernel's decisions are evaluated."""

    def __init__(self, element: str, why: str, hint: str) -> None:
        super().__init__(f"`{element}` names no channel: {why}")
        self.element = element
        self.why = why
        self.hint = hint
