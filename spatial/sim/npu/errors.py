"""What keeps the time of a placed design from being told."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["NoTime"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTime:
    """A picture of the time of a design that only a run tells."""

    why: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/no-time",
            title="how long this takes on an NPU is only known by running it there",
            primary=Label(self.span, self.why),
            hint="give loops constant ranges; `report` tells all that is known without the time",
        )
