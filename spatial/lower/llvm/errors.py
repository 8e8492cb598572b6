"""What the native engine says of programs that it does not run."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["NotNative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNative:
    """The native engine has no code for something that the reference engine runs."""

    what: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="native/unsupported",
            title=f"the native engine does not run {self.what}",
            primary=Label(self.span, "needed here"),
            hint='write `engine="simpy"`',
        )
