"""Arrays that no rewriting makes fit for Vitis dataflow."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["EndlessWriter", "SharedElements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedElements:
    """Two actors touch elements of an array that one of them writes, or may do so."""

    array: str
    writer: str
    first: Span
    other: str
    second: Span

    def report(self) -> Report:
        return Report(
            code="hls/shared-array",
            title=f"`{self.array}` is written by `{self.writer}` where `{self.other}` may touch it (Vitis HLS 200-779)",
            primary=Label(self.first, f"`{self.writer}` touches it here"),
            related=(Label(self.second, f"`{self.other}` touches it here"),),
            hint="send the elements through a stream, or let each kernel write a part of its own",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessWriter:
    """A kernel that never ends writes an array that others touch too, so there is no time to collect it."""

    array: str
    actor: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="hls/endless-writer",
            title=f"`{self.actor}` never ends, so its part of `{self.array}` cannot be collected",
            primary=Label(self.span, "written here"),
            hint="give the loop an end, or put what it writes into a stream",
        )
