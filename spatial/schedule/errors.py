"""What can be wrong with a step of a schedule."""

from dataclasses import dataclass, field

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["Dependent", "NotPossible", "OrderBroken", "WrongStep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongStep:
    """A step of a schedule was given something that it cannot take."""

    title: str
    span: Span
    label: str = ""
    hint: str = ""

    def report(self) -> Report:
        return Report(code="schedule/argument", title=self.title, primary=Label(self.span, self.label), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPossible:
    """The loops of a program do not have the form that a step of a schedule needs; `places` show what is in its way."""

    title: str
    span: Span
    places: tuple[tuple[Span, str], ...]
    notes: tuple[str, ...] = ()
    hint: str = ""

    def report(self) -> Report:
        return Report(
            code="schedule/form",
            title=self.title,
            primary=Label(self.span, "asked for here"),
            related=tuple(Label(span, text) for span, text in self.places),
            notes=self.notes,
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBroken:
    """A step of a schedule would turn round the order of two operations of which one needs the other's effect."""

    title: str
    span: Span
    places: tuple[tuple[Span, str], ...] = field(compare=False)
    example: str = ""
    hint: str = ""

    def report(self) -> Report:
        return Report(
            code="schedule/order",
            title=self.title,
            primary=Label(self.span, "asked for here"),
            related=tuple(Label(span, text) for span, text in self.places),
            notes=(self.example,) if self.example else (),
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """Iterations of a loop that are to run at once are not independent."""

    loop: str
    name: str
    span: Span
    places: tuple[tuple[Span, str], ...] = field(compare=False)

    def report(self) -> Report:
        return Report(
            code="schedule/dependent",
            title=f"the iterations of `{self.loop}` depend on each other through `{self.name}`",
            primary=Label(self.span, "asked for here"),
            related=tuple(Label(span, text) for span, text in self.places),
        )
