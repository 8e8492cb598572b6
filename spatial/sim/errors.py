"""What can be wrong with a run, and the exceptions that carry the run with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spatial.ir.location import Call
from spatial.sim.called import call_labels
from spatial.sim.explain.deadlock import DeadlockReport
from spatial.sim.explain.livelock import LivelockReport
from spatial.sim.result import Run
from spatial.source.errors import ProgramError
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span

__all__ = [
    "AssertionFailed",
    "Deadlock",
    "Interrupted",
    "Livelock",
    "RaceFound",
    "RunError",
    "RunFault",
]

MOST_LOCALS = 8
LONGEST = 40  # characters of a local's value


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFault:
    """An operation that has no result, such as a division by zero."""

    what: str
    actor: str
    span: Span
    locals: Mapping[str, object] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()

    def report(self) -> Report:
        title = f"{self.what} in `{self.actor}`"
        label, notes = Label(self.span, "while this ran"), _told_locals(self.locals)
        return Report(code="run/fault", title=title, primary=label, related=call_labels(self.calls), notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionFailed:
    """An `assert` whose condition did not hold, and its message."""

    message: str
    actor: str
    span: Span
    locals: Mapping[str, object] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()

    def report(self) -> Report:
        title = f"an assertion failed in `{self.actor}`" + (f": {self.message}" if self.message else "")
        label, notes = Label(self.span, "this did not hold"), _told_locals(self.locals)
        return Report(code="run/assertion", title=title, primary=label, related=call_labels(self.calls), notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceFound:
    """Two actors touch one element of an array, one of them writing, and no chain of tokens orders the two."""

    element: str
    first_actor: str
    first: Span
    second_actor: str
    second: Span

    def report(self) -> Report:
        return Report(
            code="run/race",
            title=f"`{self.first_actor}` and `{self.second_actor}` race for `{self.element}`",
            primary=Label(self.second, f"`{self.second_actor}` here"),
            related=(Label(self.first, f"`{self.first_actor}` here"),),
            notes=("nothing orders the two: a put orders what stands before it before what stands behind its get",),
            hint="send a token from the one to the other when the element is ready, or give each its own array",
        )


class RunError(ProgramError):
    """The program went wrong while it ran; `run` is the partial run, the user's arrays are untouched."""

    def __init__(self, problem: Problem, run: Run) -> None:
        super().__init__([problem])
        self.run = run

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problems[0], self.run)


class Deadlock(RunError):
    """No actor can go on and some have not finished; `report` says why, `run` is the partial run."""

    def __init__(self, report: DeadlockReport, run: Run) -> None:
        super().__init__(report, run)
        self.report = report


class Livelock(RunError):
    """Actors poll for ever and no token moves; `report` says who polls what, `run` is the partial run."""

    def __init__(self, report: LivelockReport, run: Run) -> None:
        super().__init__(report, run)
        self.report = report


class Interrupted(KeyboardInterrupt):
    """Ctrl-C stopped the run; `run` is the partial run, the user's arrays are untouched."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"stopped by Ctrl-C at cycle {run.cycles}")
        self.run = run

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.run,)


def _told_locals(names: Mapping[str, object]) -> tuple[str, ...]:
    """A note of the first local variables, long values cut."""
    told = [f"{name} = {_short(value)}" for name, value in list(names.items())[:MOST_LOCALS]]
    return (f"with {', '.join(told)}",) if told else ()


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."
