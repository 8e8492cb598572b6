"""What can be wrong with a kernel's names, and with its compile-time part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span

__all__ = [
    "BadCall",
    "BadMetaStatement",
    "CalledFrom",
    "EndlessRecursion",
    "EvaluationFailed",
    "NotCompileTime",
    "PidMismatch",
    "StrayBranch",
    "UndefinedName",
    "WordAssigned",
    "called_from",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndefinedName:
    """A name that means nothing where it is used; `place` and `told` say where it does mean something."""

    name: str
    span: Span
    why: str = "is not defined"
    place: Span | None = None
    told: str = "first given one here"
    hint: str = ""

    def report(self) -> Report:
        related = (Label(self.place, self.told),) if self.place else ()
        title = f"`{self.name}` {self.why}"
        return Report(code="name/undefined", title=title, primary=Label(self.span), related=related, hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordAssigned:
    """A name for the PE's position or for a `meta_for`'s value that is bound a second time."""

    name: str
    meaning: str
    span: Span
    first: Span

    def report(self) -> Report:
        return Report(
            code="name/not-assignable",
            title=f"`{self.name}` cannot be assigned",
            primary=Label(self.span, "assigned here"),
            related=(Label(self.first, self.meaning),),
            hint="use another name for the new value",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationFailed:
    """A compile-time expression raised an exception, at the PE `pid` if it depends on the PE."""

    error: str
    pid: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(
            code="meta/evaluation",
            title="this compile-time expression fails" + (f" at `{self.pid}`" if self.pid else ""),
            primary=Label(self.span, self.error),
            hint=self.hint or ("where some PEs must not evaluate it, guard it with `sp.meta_if`" if self.pid else ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PidMismatch:
    """`get_pid()` assigned to another number of names than the mapping has axes."""

    kernel: str
    axes: int
    names: int
    span: Span

    def report(self) -> Report:
        axes = "1 axis" if self.axes == 1 else f"{self.axes} axes"
        left = ", ".join("ijk"[: self.axes])
        return Report(
            code="meta/pid",
            title=f"`{self.kernel}` is mapped onto {axes}, this takes {self.names}",
            primary=Label(self.span),
            hint=f"write `{left} = sp.get_pid()`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayBranch:
    """A `meta_elif` or `meta_else` without the `meta_if` it continues."""

    word: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="meta/stray-branch",
            title=f"this `{self.word}` continues no `meta_if`",
            primary=Label(self.span, "nothing precedes it that it could follow"),
            hint="put it directly behind a `with sp.meta_if(...):` block, at the same indentation",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BadMetaStatement:
    """A meta statement that is not written as it must be."""

    title: str
    span: Span
    label: str = ""
    hint: str = ""

    def report(self) -> Report:
        return Report(code="meta/form", title=self.title, primary=Label(self.span, self.label), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCompileTime:
    """A running value where only a compile-time one can stand; it is one if it is assigned `twice`, at two places."""

    what: str
    name: str
    span: Span
    hint: str
    twice: tuple[Span, Span] | None = None

    def report(self) -> Report:
        title, told = f"{self.what} must be known at compile time", f"{self.name} is only known while the program runs"
        related: tuple[Label, ...] = ()
        if self.twice is not None:
            first, second = self.twice
            told = f"{self.name} is assigned twice, so it is only known while the program runs"
            related = (Label(first, "first assigned here"), Label(second, "assigned again here"))
        primary = Label(self.span, told)
        return Report(code="meta/running-value", title=title, primary=primary, related=related, hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCall:
    """A call whose arguments do not fit the function's parameters; `place` is where that is defined."""

    title: str
    span: Span
    place: Span | None = None
    hint: str = ""

    def report(self) -> Report:
        related = (Label(self.place, "defined here"),) if self.place else ()
        return Report(
            code="call/arguments", title=self.title, primary=Label(self.span), related=related, hint=self.hint
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessRecursion:
    """A function that calls itself without a compile-time decision that would end it."""

    name: str
    depth: int
    span: Span

    def report(self) -> Report:
        return Report(
            code="call/recursion",
            title=f"`{self.name}` is called {self.depth} levels deep",
            primary=Label(self.span, "called again here"),
            notes=("a function is written out wherever it is called, so a recursion must end at compile time",),
            hint="end it with `sp.meta_if` on a compile-time argument, or write a loop",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledFrom:
    """A problem within the text of a function that a kernel calls; `call` is where it does."""

    problem: Problem
    name: str
    call: Span

    def report(self) -> Report:
        told = self.problem.report()
        if self.call in (label.span for label in told.related):
            return told
        return replace(told, related=(*told.related, Label(self.call, f"in this call of `{self.name}`")))


def called_from(problem: Problem, calls: Sequence[tuple[str, Span]]) -> Problem:
    """A problem within functions: their names with the places that call them, the innermost first."""
    for name, call in calls:
        problem = CalledFrom(problem=problem, name=name, call=call)
    return problem
