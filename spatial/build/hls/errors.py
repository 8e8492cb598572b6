"""What can be wrong with a design that runs in C-simulation."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["CsimFailed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsimFailed:
    """A design went wrong in C-simulation where the program does not; `told` is what the simulation said of it."""

    region: str
    what: str
    told: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="hls/csim",
            title=f"`{self.region}` {self.what} in C-simulation",
            primary=Label(self.span),
            notes=tuple(line for line in [self.told.strip()] if line),
        )
