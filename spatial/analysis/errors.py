"""What can be found wrong with a program without running it."""

from dataclasses import dataclass

from spatial.source.notice import Notice
from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = [
    "AroundCall",
    "EndlessLoop",
    "LatencyTooSmall",
    "NotInnermost",
    "NotRunnable",
    "StageTooEarly",
    "TokensLeft",
    "TokensMissing",
    "UnknownStage",
    "UnorderedAccess",
    "UnreachableInterval",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreachableInterval:
    """An initiation interval below the least one that is possible."""

    asked: int
    least: int
    why: str
    span: Span
    limit: Span
    parts: tuple[tuple[Span, str], ...] = ()

    def report(self) -> Report:
        ways = tuple(Label(where, what) for where, what in self.parts)
        return Report(
            code="loop/interval",
            title=f"this loop cannot start an iteration every {self.asked} cycles, the least is {self.least}",
            primary=Label(self.span, f"interval {self.asked} asked for here"),
            related=(Label(self.limit, self.why), *ways),
            hint=f"write `ii={self.least}`, or leave the interval out",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyTooSmall:
    """An iteration that does not fit the number of stages asked for."""

    asked: int
    least: int
    span: Span
    limit: Span

    def report(self) -> Report:
        return Report(
            code="loop/latency",
            title=f"an iteration of this loop takes {self.least} stages, not {self.asked}",
            primary=Label(self.span, f"latency {self.asked} asked for here"),
            related=(Label(self.limit, f"this comes to stand in stage {self.least - 1}"),),
            hint=f"write `latency={self.least}`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTooEarly:
    """A stage given to a stream in which what is put there, or asked before, cannot have happened."""

    stream: str
    asked: int
    least: int
    span: Span
    limit: Span

    def report(self) -> Report:
        return Report(
            code="loop/stage-early",
            title=f"`{self.stream}` cannot be used in stage {self.asked}, the first it can be used in is {self.least}",
            primary=Label(self.span, f"stage {self.asked} asked for here"),
            related=(Label(self.limit, "this needs what an earlier stage does"),),
            hint=f'write `stages={{"{self.stream}": {self.least}}}`, or move what it needs to an earlier stage',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInnermost:
    """A pipeline asked of a loop around other loops."""

    span: Span
    inner: Span

    def report(self) -> Report:
        return Report(
            code="loop/not-innermost",
            title="only an innermost loop is pipelined",
            primary=Label(self.span, "this loop holds another one"),
            related=(Label(self.inner, "this is the innermost one"),),
            hint="give `pipeline=` to the innermost loop; loops nested perfectly around it run as one with it",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundCall:
    """A pipeline asked of a loop around a call that takes a number of cycles of its own."""

    symbol: str
    cycles: int
    span: Span
    call: Span

    def report(self) -> Report:
        return Report(
            code="loop/not-innermost",
            title=f"a loop around a call of `{self.symbol}` is not pipelined",
            primary=Label(self.span, "pipeline asked for here"),
            related=(Label(self.call, "takes a cycle" if self.cycles == 1 else f"takes {self.cycles} cycles"),),
            hint="leave `pipeline=` out: an iteration takes what is in it",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRunnable:
    """A function in C++ that a simulation cannot call."""

    symbol: str
    why: str
    span: Span
    hint: str

    def report(self) -> Report:
        title = f"a simulation cannot call `{self.symbol}`: {self.why}"
        return Report(code="external/not-runnable", title=title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownStage:
    """A stage given to a stream that the loop does not use."""

    stream: str
    used: tuple[str, ...]
    span: Span

    def report(self) -> Report:
        uses = ", ".join(f"`{name}`" for name in self.used) or "none"
        return Report(
            code="loop/stage",
            title=f"this loop does not use the stream `{self.stream}`",
            primary=Label(self.span, f"the streams used here: {uses}"),
            hint="name a stream of the loop in `stages={...}`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensMissing:
    """A reader that waits for more tokens than its channel is ever given."""

    channel: str
    writer: str
    reader: str
    puts: int
    gets: int
    put: Span
    get: Span

    def report(self) -> Report:
        return Report(
            code="stream/tokens-missing",
            title=f"`{self.reader}` takes {self.gets} tokens from `{self.channel}`, which is given {self.puts}",
            primary=Label(self.get, f"{self.gets} are taken here"),
            related=(Label(self.put, f"`{self.writer}` puts {self.puts}"),),
            notes=("the reader waits for ever for the rest",),
            hint="let both loops run equally often",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensLeft(Notice):
    """A writer that puts more tokens than are ever taken; a run that saw it only warns."""

    channel: str
    writer: str
    reader: str
    puts: int
    gets: int
    put: Span
    get: Span
    severity: str = "error"

    def report(self) -> Report:
        return Report(
            code="stream/tokens-left",
            title=f"`{self.writer}` puts {self.puts} tokens into `{self.channel}`, of which {self.gets} are taken",
            primary=Label(self.put, f"{self.puts} are put here"),
            related=(Label(self.get, f"`{self.reader}` takes {self.gets}"),),
            notes=("what is left fills the channel, or is there when the region runs again",),
            hint="let both loops run equally often, or drain the channel",
            severity=self.severity,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnorderedAccess:
    """Two actors surely touch one element, one of them writing, and no channels lead from one to the other."""

    array: str
    element: str
    first_actor: str
    first: Span
    second_actor: str
    second: Span

    def report(self) -> Report:
        return Report(
            code="array/unordered",
            title=f"`{self.first_actor}` and `{self.second_actor}` both touch `{self.element}`, in no order",
            primary=Label(self.second, f"`{self.second_actor}` here"),
            related=(Label(self.first, f"`{self.first_actor}` here"),),
            notes=("no chain of channels leads from one to the other, so which is first is a matter of chance",),
            hint="send a token from the one to the other when the element is ready, or give each its own array",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessLoop:
    """A `while True` that neither ends nor uses a channel."""

    span: Span

    def report(self) -> Report:
        return Report(
            code="loop/endless",
            title="this loop runs for ever: it has no end, and its kernel uses no channel",
            primary=Label(self.span),
            hint="leave it with `break`, or count with `for k in range(...)`",
        )
