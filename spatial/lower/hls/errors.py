"""What Vitis HLS does not take, found before it is asked."""

import difflib
from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["BadInterface", "UnknownParameter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadInterface:
    """A port that cannot be built as it is asked for."""

    title: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="hls/interface", title=self.title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownParameter:
    """An interface for a parameter that the region does not have."""

    asked: object
    region: str
    known: tuple[str, ...]
    span: Span

    def report(self) -> Report:
        near = difflib.get_close_matches(str(self.asked), self.known, n=1)
        names = ", ".join(f"`{name}`" for name in self.known)
        return Report(
            code="hls/interface",
            title=f"`{self.region}` has no parameter `{self.asked}` that could have an interface",
            primary=Label(self.span),
            notes=(f"its parameters are {names}",) if names else ("it has none",),
            hint=f'write `"{near[0]}"`' if near else "",
        )
