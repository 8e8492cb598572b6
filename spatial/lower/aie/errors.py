"""What does not fit on an NPU."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = [
    "Called",
    "HandedArray",
    "LargeWindow",
    "LostPin",
    "NoWalk",
    "OpenStream",
    "SharedElements",
    "TimedChannel",
    "TooManyCores",
    "WideType",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWalk:
    """A mover makes tokens that no descriptor of a DMA walks through."""

    channel: str
    mover: str
    token: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/walk",
            title=f"no DMA makes the tokens `{self.token}` of `{self.channel}` as `{self.mover}` does",
            primary=Label(self.span, "this moves elements that do not lie along four strides, in words of 32 bits"),
            hint="move blocks whose rows lie beside each other, in multiples of 4 bytes, and rearrange them in a core",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedArray:
    """An actor touches what another one writes to an array of the host.

    It does so after a token has said so, or it is `before`: what it makes of the array leads to what is written.
    """

    array: str
    writer: str
    first: Span
    other: str
    second: Span
    before: bool = False

    def report(self) -> Report:
        two = f"use two arrays: a parameter that is read, and another one that is written in place of `{self.array}`"
        stream = "put the elements into a stream in place of a token that says that they are there"
        return Report(
            code="aie/handed-array",
            title=f"`{self.other}` touches what `{self.writer}` writes to `{self.array}`,"
            " and cores of an NPU have no memory in common",
            primary=Label(self.first, f"`{self.writer}` writes it here"),
            related=(Label(self.second, f"`{self.other}` touches it here"),),
            hint=two if self.before else stream,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedElements:
    """Two actors write the same elements of an array, or parts of it that lie between each other."""

    array: str
    writer: str
    first: Span
    other: str
    second: Span

    def report(self) -> Report:
        return Report(
            code="aie/shared-array",
            title=f"`{self.writer}` and `{self.other}` may write the same elements of `{self.array}`",
            primary=Label(self.first, f"`{self.writer}` writes it here"),
            related=(Label(self.second, f"`{self.other}` writes it here"),),
            hint="let each write all of a part of its own, or put the elements into streams that one mover stores",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeWindow:
    """A core uses more of an array than its memory holds."""

    array: str
    actor: str
    size: int
    room: int
    npu: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/large-array",
            title=f"`{self.actor}` uses {self.size} bytes of `{self.array}`, and a core of {self.npu} has {self.room}",
            primary=Label(self.span, "used here"),
            hint=f"write a mover: a kernel that puts blocks of `{self.array}` into a stream, "
            f"`fifo.put({self.array}[i * 64 : i * 64 + 64])`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LostPin:
    """Something is pinned to a tile that does not take one, or none of that kind."""

    name: str
    tile: tuple[int, int]
    why: str
    span: Span
    hint: str

    def report(self) -> Report:
        return Report(
            code="aie/pin",
            title=f"`{self.name}` is pinned to tile {self.tile}, and it {self.why}",
            primary=Label(self.span),
            notes=("a tile is (column, row): row 0 has the shims, row 1 the memory tiles, the rows above the cores",),
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedChannel:
    """An actor asks what a channel holds now."""

    stream: str
    kernel: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/polling",
            title=f"`{self.kernel}` lets time decide what it does with `{self.stream}`, which no core of an NPU can",
            primary=Label(self.span, "this asks what is there now"),
            hint="use `get` and `put`, which wait, in an order that the program says",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A kernel starts a region at run time."""

    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/called-region",
            title="a kernel calls a region, and what runs on an NPU cannot be started anew",
            primary=Label(self.span, "started here"),
            hint="call the region where the outer region is built, and pass streams between the two",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WideType:
    """Tokens have elements, or a run-time parameter a type, that a core does not compute with."""

    name: str
    type: str
    span: Span
    verb: str = "carries"
    label: str = "declared here"

    def report(self) -> Report:
        return Report(
            code="aie/wide-type",
            title=f"`{self.name}` {self.verb} `{self.type}`, and cores of an NPU compute with at most 64 bits",
            primary=Label(self.span, self.label),
            hint="split it into numbers of at most 64 bits",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStream:
    """Only a run tells how many tokens of a stream pass between the host and an actor."""

    stream: str
    actor: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/open-stream",
            title=f"how many tokens of `{self.stream}` pass depends on data, and the host has to say it beforehand",
            primary=Label(self.span, f"`{self.actor}` has its other end"),
            hint="let loops with constant bounds use it, outside of branches that depend on data",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyCores:
    """A program has more cores than an NPU, and its PEs cannot share cores."""

    kernel: str
    cores: int
    room: int
    npu: str
    fits: tuple[int, ...]
    why: str
    span: Span

    def report(self) -> Report:
        grid = ", ".join(map(str, self.fits))
        return Report(
            code="aie/cores",
            title=f"the program needs {self.cores} cores, `{self.npu}` has {self.room}, and none can be shared",
            primary=Label(self.span, f"most of them run `{self.kernel}`"),
            notes=(f"PEs do not share a core: {self.why}",),
            hint=f"a grid that fits is `mapping=[{grid}]`",
        )
