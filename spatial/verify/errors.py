"""What keeps two programs from being compared symbol by symbol."""

from dataclasses import dataclass

from spatial.ir.graph import element_name
from spatial.sim.explain.deadlock import Waiting
from spatial.source.report import Label, Report
from spatial.source.span import Span
from spatial.verify.counterexample import Divergence, Unwritten

__all__ = [
    "DataControl",
    "DifferentParameters",
    "NotSymbolic",
    "NothingGiven",
    "OtherCount",
    "RunFailed",
    "Stuck",
    "TimeDecides",
    "Uninitialised",
    "Unordered",
]

SHOWN = 8

TESTING = 'compare them by running: `sp.verify(a, b, mode="test")`, which is testing and no proof'


@dataclass(frozen=True, slots=True, kw_only=True)
class DataControl:
    """The value of an element or a token decides what the program does, so no single symbolic run stands for all."""

    what: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="verify/data-control",
            title=f"data decides {self.what}",
            primary=Label(self.span, "decided here"),
            notes=(
                "a proof follows one path through a program, which must be the same for all data",
                "what decides may be given: `inputs={...}` says what a parameter holds",
            ),
            hint=TESTING,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSymbolic:
    """An operation that has no meaning on symbols."""

    what: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="verify/not-symbolic",
            title=f"{self.what} cannot be run on symbols",
            primary=Label(self.span, "used here"),
            hint=TESTING,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingGiven:
    """Two programs that give nothing back: there is nothing that could be compared."""

    programs: tuple[str, str]
    span: Span

    def report(self) -> Report:
        first, second = self.programs
        return Report(
            code="verify/nothing",
            title=f"neither `{first}` nor `{second}` writes an array, returns a value, or puts tokens into a stream",
            primary=Label(self.span, "gives nothing back"),
            hint="return what it computes, or write it into a parameter",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentParameters:
    """Two programs that are not given the same: nothing of them can be compared."""

    first: str
    second: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="verify/parameters",
            title=f"the one program has {self.first}, the other {self.second}",
            primary=Label(self.span, "the other one"),
            hint="give both the same parameters, of the same types",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCount:
    """Two programs that take other numbers of tokens from a stream, or put other numbers into it."""

    channel: str
    programs: tuple[str, str]
    counts: tuple[int, int]
    puts: bool
    span: Span

    def report(self) -> Report:
        (first, second), (here, there) = self.programs, self.counts
        does, way = ("puts", "into") if self.puts else ("takes", "from")
        title = f"`{first}` {does} {here} tokens {way} `{self.channel}`, `{second}` {there}"
        fewest = 0 if self.puts else min(here, there)
        hint = f"give both as many: `tokens={fewest}`" if fewest else ""
        return Report(code="verify/tokens", title=title, primary=Label(self.span, f"`{second}`"), hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeDecides:
    """An operation that never waits, or takes the oldest of several tokens: what is computed depends on time."""

    operation: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="verify/time",
            title=f"time decides what `{self.operation}` gives, so a run proves nothing about another",
            primary=Label(self.span, "decided by time"),
            hint=f"wait instead: use `get` and `put`, or {TESTING}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A program that deadlocks at the depths of its channels.

    It may be that it waits for more tokens than are `given`, so many to a channel of a stream.
    """

    program: str
    waits: tuple[Waiting, ...]
    given: tuple[str, int] | None = None

    def report(self) -> Report:
        first, *rest = (label for wait in self.waits[:SHOWN] for label in wait.labels())
        return Report(
            code="verify/deadlock",
            title=f"`{self.program}` deadlocks, whatever its data",
            primary=first,
            related=tuple(rest),
            hint=self._hint(),
        )

    def _hint(self) -> str:
        if self.given is None:
            return f"`sp.simulate` of `{self.program}` says which depths would help"
        channel, count = self.given
        return f"`{channel}` is given {count} tokens, and more are waited for: give it more by `tokens=` or `inputs=`"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed:
    """A run that ends at an operation that fails, whatever the data."""

    program: str
    what: str
    actor: str
    span: Span

    def report(self) -> Report:
        title = f"`{self.program}` fails in `{self.actor}`: {self.what}"
        return Report(code="verify/fault", title=title, primary=Label(self.span, "fails here"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unordered:
    """Two accesses to an element that no token orders, so the run that was followed is one of several."""

    element: str
    actors: tuple[str, str]
    spans: tuple[Span, Span]

    def report(self) -> Report:
        return Report(
            code="verify/race",
            title=f"no token orders two accesses to `{self.element}`, of `{self.actors[0]}` and `{self.actors[1]}`",
            primary=Label(self.spans[1], "the one access"),
            related=(Label(self.spans[0], "the other"),),
            hint="send a token from the one to the other",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninitialised:
    """An element that depends on `memory` to which nothing was written, by a `step` of the program, if it is known."""

    program: str
    array: str
    indices: tuple[int, ...]
    span: Span
    memory: Unwritten | None = None
    step: Divergence | None = None

    def report(self) -> Report:
        labels = [Label(self.step.span, str(self.step))] if self.step is not None else []
        if self.memory is not None:
            labels.append(Label(self.memory.span, f"`{self.memory.name}` begins undefined"))
        primary, *related = labels or [Label(self.span, f"in `{self.program}`")]
        name = self.memory.name if self.memory is not None else "buffer"
        written = f"{name} = 0" if self.memory is not None and self.memory.scalar else f"{name}[:] = 0"
        return Report(
            code="verify/uninitialised",
            title=f"`{element_name(self.array, self.indices)}` depends on memory that nothing was written to",
            primary=primary,
            related=tuple(related),
            hint=f"write every element before it is read: `{written}`",
        )
