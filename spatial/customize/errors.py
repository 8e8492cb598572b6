"""What can be wrong with how a schedule is asked for."""

from dataclasses import dataclass, field

from spatial.customize.references import place
from spatial.source.report import Label, Report
from spatial.source.span import UNKNOWN, Span

__all__ = ["Ambiguous", "NotOfThisKind", "Replaced", "Unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nothing in the program has this name."""

    name: str
    where: str
    what: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        title = f"`{self.where}` has no {self.what} `{self.name}`"
        return Report(code="schedule/unknown", title=title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """Several things have this name; `places` are their addresses and where they stand."""

    name: str
    places: tuple[tuple[str, Span], ...] = field(compare=False)
    span: Span
    hint: str = ""

    def report(self) -> Report:
        title = f"`{self.name}` means {len(self.places)} things: {', '.join(address for address, _ in self.places)}"
        known = [(address, span) for address, span in self.places if span != UNKNOWN]
        labels = tuple(Label(span, f"`{address}`") for address, span in dict(reversed(known)).items())
        return Report(
            code="schedule/ambiguous", title=title, primary=Label(self.span), related=labels[::-1], hint=self.hint
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A step has made other things of this one."""

    name: str
    what: str
    step: str
    at: Span
    made: tuple[str, ...]
    span: Span

    def report(self) -> Report:
        names = [f"`{name}`" for name in self.made]
        several = " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
        told = f"made {several} of it" if names else "left nothing of it"
        title = f"there is no {self.what} `{self.name}` any more: `{self.step}` in line {self.at.line} {told}"
        hint = f"name {' or '.join(names)}" if names else ""
        return Report(
            code="schedule/unknown",
            title=title,
            primary=Label(self.span),
            related=(Label(self.at, f"`{self.name}` went here"),),
            hint=hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOfThisKind:
    """A thing that a step cannot take."""

    title: str
    span: Span
    declared: Span | None = None
    hint: str = ""

    def report(self) -> Report:
        related = (Label(self.declared, f"it stands in {place(self.declared)}"),) if self.declared else ()
        return Report(
            code="schedule/unknown", title=self.title, primary=Label(self.span), related=related, hint=self.hint
        )
