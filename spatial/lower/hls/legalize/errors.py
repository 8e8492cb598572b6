"""Arrays that no rewriting makes fit for Vitis dataflow."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["ArrayTooLarge", "EndlessWriter", "NotHandedOn", "SharedElements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedElements:
    """Two actors write the same elements of an array, or may do so."""

    array: str
    writer: str
    first: Span
    other: str
    second: Span

    def report(self) -> Report:
        return Report(
            code="hls/shared-array",
            title=f"`{self.writer}` and `{self.other}` may write the same elements of `{self.array}`"
            " (Vitis HLS 200-779)",
            primary=Label(self.first, f"`{self.writer}` uses it here"),
            related=(Label(self.second, f"`{self.other}` uses it here"),),
            hint="send the elements through a stream, or let each kernel write a part of its own",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayTooLarge:
    """Several actors use an array of which the part cannot hold their shares, and not in turns."""

    array: str
    bits: int
    room: int
    span: Span

    def report(self) -> Report:
        held, room = self.bits / 8 / 1024, self.room / 8 / 1024
        return Report(
            code="hls/large-array",
            title=f"what kernels use of `{self.array}` takes {held:.0f} KiB, and the part has {room:.0f} KiB of memory",
            primary=Label(self.span, "used here"),
            notes=(
                "kernels that use it once each, element by element in one direction, in rows or columns beside each"
                " other, are given theirs in turns, without memory",
            ),
            hint="read it in one kernel, which sends the elements through streams",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndlessWriter:
    """A kernel that never ends writes an array that others touch too, so there is no time to collect it."""

    array: str
    actor: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="hls/endless-writer",
            title=f"`{self.actor}` never ends, so its part of `{self.array}` cannot be collected",
            primary=Label(self.span, "written here"),
            hint="give the loop an end, or put what it writes into a stream",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHandedOn:
    """An actor reads what another one writes to memory, and no token can bring it.

    With tokens the other way only, the one may read `in_place` what the other then changes.
    """

    array: str
    writer: str
    first: Span
    reader: str
    second: Span
    why: str
    in_place: bool = False

    def report(self) -> Report:
        hint = "put a token into a stream from the one to the other when it may be read, or send the elements"
        if self.in_place:
            hint = f"`{self.reader}` reads what was there before? then let `{self.writer}` write to an array of its own"
        return Report(
            code="hls/hand-over",
            title=f"`{self.array}` cannot be handed from `{self.writer}` to `{self.reader}`, {self.why}"
            " (Vitis HLS 200-779)",
            primary=Label(self.first, f"`{self.writer}` writes it here"),
            related=(Label(self.second, f"`{self.reader}` reads it here"),),
            hint=hint,
        )
