"""What can be wrong with how a region joins its actors."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = [
    "BodyFailed",
    "NoKernels",
    "NotAStream",
    "PeekTooDeep",
    "SecondReader",
    "SecondWriter",
    "UndrivenChannel",
    "UnreadChannel",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondWriter:
    """Two actors put into one channel, so the order of its tokens would be accidental."""

    channel: str
    first_actor: str
    first: Span
    second_actor: str
    second: Span
    notes: tuple[str, ...] = ()

    def report(self) -> Report:
        return Report(
            code="stream/second-writer",
            title=f"`{self.channel}` has two writers, `{self.first_actor}` and `{self.second_actor}`",
            primary=Label(self.second, f"`{self.second_actor}` puts here"),
            related=(Label(self.first, f"`{self.first_actor}` puts here"),),
            notes=(*_crossings(self.channel, self.first_actor, self.second_actor), *self.notes),
            hint="give each writer a channel of its own, and join them: `out = sp.merge(a, b)`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReader:
    """Two actors take tokens from one channel, so neither sees them all."""

    channel: str
    first_actor: str
    first: Span
    second_actor: str
    second: Span
    notes: tuple[str, ...] = ()

    def report(self) -> Report:
        return Report(
            code="stream/second-reader",
            title=f"`{self.channel}` has two readers, `{self.first_actor}` and `{self.second_actor}`",
            primary=Label(self.second, f"`{self.second_actor}` gets here"),
            related=(Label(self.first, f"`{self.first_actor}` gets here"),),
            notes=(*_crossings(self.channel, self.first_actor, self.second_actor), *self.notes),
            hint=f"give each reader a copy: `left, right = sp.fork({self.channel})`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UndrivenChannel:
    """A channel that is read and never written."""

    channel: str
    actor: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="stream/undriven",
            title=f"nothing puts into `{self.channel}`",
            primary=Label(self.span, f"`{self.actor}` would wait here for ever"),
            hint="check the indices: the writer's `put` must name the same channel",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadChannel:
    """A channel that is written and never read."""

    channel: str
    actor: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="stream/unread",
            title=f"nothing gets from `{self.channel}`",
            primary=Label(self.span, f"`{self.actor}` puts here, and waits once it is full"),
            hint="guard the `put` with `sp.meta_if`, or add a kernel that takes the tokens",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoKernels:
    """A region in which nothing runs."""

    region: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="region/empty",
            title=f"the region `{self.region}` declares no kernel",
            primary=Label(self.span, "nothing would run"),
            hint="declare one in its body: `@sp.kernel(mapping=[4])`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFailed:
    """A region's body, which Python runs, raised an exception."""

    region: str
    error: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="region/evaluation",
            title=f"the body of the region `{self.region}` fails",
            primary=Label(self.span, self.error),
            notes=("Python runs a region's body each time the region is compiled",),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAStream:
    """A declaration in a region's body of what is neither a stream nor an array; `element` is its type as a scalar."""

    name: str
    found: str
    span: Span
    element: str = "float32"
    rest: str = ""

    def report(self) -> Report:
        return Report(
            code="region/declaration",
            title=f"`{self.name}: {self.found}` declares nothing in a region",
            primary=Label(self.span, "streams and arrays are declared here, no single numbers"),
            hint=f"write `{self.name}: {self.element}[1]{self.rest}` for memory that kernels share, "
            f"or `{self.name}: Stream[{self.element}, 2]` for a channel",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeekTooDeep:
    """A look at a token that the channel cannot hold together with those in front of it."""

    channel: str
    position: int
    depth: int
    span: Span

    def report(self) -> Report:
        return Report(
            code="stream/peek",
            title=f"`peek({self.position})` looks past the {self.depth} tokens that `{self.channel}` holds at most",
            primary=Label(self.span, "this would wait for ever"),
            hint=f"declare it with a depth of at least {self.position + 1}",
        )


def _crossings(channel: str, first: str, second: str) -> tuple[str, ...]:
    """That an end of a stream is used in two instances of regions, if it is."""
    instances = sorted((actor.rpartition(".")[0] for actor in (first, second)), key=lambda path: (not path, path))
    if instances[0] == instances[1]:
        return ()
    told = " and ".join(f"by `{instance}`" if instance else "outside of it" for instance in instances)
    return (f"this end of `{channel}` is used {told}: an end that is given to a region belongs to it",)
