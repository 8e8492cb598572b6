"""What keeps a function from being part of a lemma."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["NotBits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBits:
    """A function does something that is no operation on bits, so no lemma can be proved of it."""

    what: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="verify/not-bits",
            title=f"a lemma cannot be proved of {self.what}",
            primary=Label(self.span, "used here"),
            notes=("a lemma is about integers, bits and small tables, in loops whose numbers of rounds are known",),
            hint='compare the functions by running them: `sp.verify(f, g, mode="test")`',
        )
