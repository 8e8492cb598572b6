"""What Vitis HLS does not take, found before it is asked."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spatial.source.notice import Notice
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span

__all__ = [
    "BadInterface",
    "DeepChannel",
    "EndlessAccess",
    "Feedback",
    "LeftOut",
    "Named",
    "NonBlocking",
    "NotInHls",
    "ObjectFile",
    "PortInside",
    "SharedPort",
    "UnknownParameter",
    "WideToken",
]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A problem that the language has for every target, told with the code by which Vitis HLS would refuse it too."""

    problem: Problem
    codes: tuple[str, ...]

    def report(self) -> Report:
        report = self.problem.report()
        if not self.codes:
            return report
        first, *older = self.codes
        note = (f"older versions tell it as {' and '.join(older)}",) if older else ()
        return replace(report, title=f"{report.title} ({first})", notes=(*report.notes, *note))


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPort:
    """Arrays behind one AXI port that several processes read, or write: a bundle has one reader and one writer."""

    bundle: str
    verb: str
    names: tuple[str, ...]
    actors: tuple[str, ...]
    span: Span
    others: tuple[Span, ...] = ()

    def report(self) -> Report:
        arrays = " and ".join(f"`{name}`" for name in self.names)
        users = " and ".join(f"`{name}`" for name in self.actors)
        return Report(
            code="hls/port",
            title=f"several processes {self.verb} through the port `{self.bundle}`: {users} (HLS 200-1013)",
            primary=Label(self.span, f"{arrays} are behind one port"),
            related=tuple(Label(other) for other in self.others),
            notes=("processes run at the same time, and a port serves one that reads and one that writes",),
            hint='give each array a port of its own: leave out `bundle`, or write another one, `sp.m_axi(bundle="g1")`',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WideToken:
    """A stream whose tokens have more bits than a FIFO of Vitis HLS."""

    stream: str
    bits: int
    most: int
    span: Span

    def report(self) -> Report:
        return Report(
            code="hls/token",
            title=f"a token of `{self.stream}` has {self.bits} bits, a stream of Vitis HLS at most {self.most}",
            primary=Label(self.span),
            hint="put smaller blocks, for example one row after the other",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepChannel:
    """A channel that takes more memory than the part has."""

    channel: str
    bits: int
    holds: int
    device: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="hls/depth",
            title=f"`{self.channel}` takes {self.bits:,} bits, all memory of {self.device} has {self.holds:,}",
            primary=Label(self.span),
            hint="`sp.size_fifos` tells the depths that the program needs",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFile:
    """A function in C++ of which only an object file is there, for a kernel that becomes hardware."""

    symbol: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="hls/external",
            title=f"`{self.symbol}` is an object file, from which Vitis HLS makes no hardware",
            primary=Label(self.span, "called here"),
            hint=f'give its text, `sp.external("{self.symbol}", source="{self.symbol}.cc", ...)`, or a `reference`',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessAccess:
    """A kernel that runs for ever and is given an array or a scalar; a task of Vitis HLS has streams only."""

    kernel: str
    name: str
    span: Span
    loop: Span
    scalar: bool = False

    def report(self) -> Report:
        kind, sent = ("scalar", "value") if self.scalar else ("array", "elements")
        return Report(
            code="hls/task",
            title=f"`{self.kernel}` runs for ever, so it becomes an `hls::task`, which has no {kind} `{self.name}`",
            primary=Label(self.span, f"`{self.name}` is {'given' if self.scalar else 'used'} here"),
            related=(Label(self.loop, "this loop never ends"),),
            notes=("a task would have the value of the first call for ever",) if self.scalar else (),
            hint=f"let the loop end, `for k in range(...)`, or let another kernel send the {sent}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOverCalls(Notice):
    """What a kernel that runs for ever computed in one call, or was given of an array, and still has in the next."""

    kernel: str
    name: str
    span: Span
    loop: Span
    array: bool = False

    def report(self) -> Report:
        return Report(
            code="hls/kept",
            title=f"`{self.kernel}` runs for ever, so it keeps `{self.name}` from one call to the next",
            primary=Label(self.span, f"`{self.name}` is as the first call left it"),
            related=(Label(self.loop, "this loop never ends"),),
            notes=(
                "an `hls::task` begins once, while a simulation begins with each call",
                *(
                    ("elements of later calls are not taken, so the design hangs when their channels are full",)
                    * self.array
                ),
            ),
            hint="let the loop end, `for k in range(...)`, or call the design once only"
            if self.array
            else f"let the loop end, or say that it lasts, `{self.name}: ... @ sp.Stateful`, for simulations too",
            severity="warning",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NonBlocking(Notice):
    """A kernel that asks what a channel holds now: C-simulation, cosimulation and hardware may answer differently."""

    kernel: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="hls/non-blocking",
            title=f"what `{self.kernel}` does depends on the clock, so cosimulation may differ (COSIM 212-384)",
            primary=Label(self.span, "asks what the channel holds now"),
            notes=("results of C-simulation, cosimulation and hardware need not be equal to the bit",),
            severity="note",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut(Notice):
    """Something that a simulation does and hardware does not."""

    what: str
    span: Span

    def report(self) -> Report:
        title = f"this `{self.what}` is left out of the hardware"
        return Report(code="hls/left-out", title=title, primary=Label(self.span), severity="note")


@dataclass(frozen=True, slots=True, kw_only=True)
class PortInside(Notice):
    """A process that waits for another one and reaches into memory outside too, so that the two may not overlap."""

    actor: str
    array: str
    verb: str
    span: Span

    def report(self) -> Report:
        behind = "takes tokens of others and reads" if self.verb == "reads" else "puts tokens for others and writes"
        return Report(
            code="hls/port-inside",
            title=f"`{self.actor}` {behind} `{self.array}` itself (HLS 200-989)",
            primary=Label(self.span),
            notes=("Vitis HLS warns that this may lower the throughput of calls that follow each other",),
            severity="note",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Notice):
    """Processes that feed each other; `proven` where a run without values shows that the depths always suffice."""

    actors: tuple[str, ...]
    channel: str
    span: Span
    proven: bool = False

    def report(self) -> Report:
        open_ = "that the depths suffice is known for the inputs of a run only"
        sequential = "a C-simulation that runs one process after the other reads this channel while it is empty"
        real = 'call what `sp.build(..., target="hls")` gives on inputs like the real ones'
        title = f"{_listed(self.actors)} feed each other"
        if len(self.actors) == 1:
            return self._of_itself()
        return Report(
            code="hls/feedback",
            title=title if self.proven else f"{title}, and values may decide what they send",
            primary=Label(self.span, f"`{self.channel}` closes the circle"),
            notes=(sequential,) if self.proven else (open_, sequential),
            hint="simulate it with ours, `make csim` in a project" if self.proven else real,
            severity="note",
        )

    def _of_itself(self) -> Report:
        return Report(
            code="hls/feedback",
            title=f"`{self.actors[0]}` feeds itself",
            primary=Label(self.span, f"it both puts into `{self.channel}` and gets from it"),
            notes=("a FIFO port of a process has one direction, so Vitis HLS may refuse this channel",),
            hint="keep the values in a local array",
            severity="note",
        )


def _listed(names: Sequence[str]) -> str:
    """The first few names."""
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInHls:
    """Something of the language that C++ for Vitis HLS has no way to say."""

    title: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="hls/not-expressible", title=self.title, primary=Label(self.span), hint=self.hint)
