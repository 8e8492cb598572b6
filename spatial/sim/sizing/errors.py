"""What can be wrong with a request for depths."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["TimedProgram", "UnreachableCycles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreachableCycles:
    """Fewer cycles are asked for than any depths reach."""

    region: str
    asked: int
    fewest: int
    span: Span

    def report(self) -> Report:
        return Report(
            code="sizing/unreachable",
            title=f"`{self.region}` does not run in {self.asked} cycles, however deep its channels are",
            primary=Label(self.span, f"{self.fewest} are the fewest found"),
            hint=f"write `cycles={self.fewest}`, or leave it out",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedProgram:
    """An actor asks what a channel holds now, so other depths mean another course of events."""

    region: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="sizing/timed",
            title=f"the channels of `{self.region}` cannot be sized: what its actors do depends on time",
            primary=Label(self.span),
            notes=("with `try_get`, `try_put`, `empty`, `full` or `select`, more depth can make a run longer",),
            hint="try depths with `sp.simulate(..., depths={...})`",
        )
