"""Why a program has no placement."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["BadPin", "Conflict", "NotFound", "Part", "SamePin", "Shortage", "listed"]

MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Part:
    """What one thing of the program takes of a resource, and its line."""

    name: str
    amount: int
    span: Span


def listed(words: Sequence[str]) -> str:
    """Words with commas and an "and" between them."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def labels_of(parts: tuple[Part, ...]) -> tuple[Label, ...]:
    """The lines of parts, each once, those that take most first, and not too many."""
    lines: dict[Span, list[Part]] = {}
    for part in parts:
        lines.setdefault(part.span, []).append(part)
    ordered = sorted(lines.values(), key=lambda each: -sum(part.amount for part in each))
    return tuple(_label(each) for each in ordered[:MOST_LINES])


def _label(parts: list[Part]) -> Label:
    total = sum(part.amount for part in parts)
    match len(parts):
        case 1:
            return Label(parts[0].span, f"`{parts[0].name}` takes {total}")
        case 2:
            return Label(parts[0].span, f"`{parts[0].name}` and `{parts[1].name}` take {total}")
        case more:
            return Label(parts[0].span, f"`{parts[0].name}` and {more - 1} more take {total}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """More of a resource is needed than there is.

    `needs` says where, with its verb: "column 2 needs"; `has` of whom the limit is: "it has".
    """

    needs: str
    resource: str
    demand: int
    has: str
    limit: int
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    hint: str = ""

    @property
    def also(self) -> str:
        """The shortage as a note beside another one."""
        return f"{self.needs} {self.demand} {self.resource} too, {self.has} {self.limit}"

    def report(self) -> Report:
        first, *others = labels_of(self.parts)
        return Report(
            code="aie/fit",
            title=f"{self.needs} {self.demand} {self.resource}, {self.has} {self.limit}",
            primary=first,
            related=tuple(others),
            notes=self.notes,
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Limits each of which could be kept, but not all together: of `resources`; `limits` are sentences."""

    program: str
    device: str
    resources: tuple[str, ...]
    limits: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()

    def report(self) -> Report:
        first, *others = labels_of(self.parts)
        of = listed(self.resources)
        return Report(
            code="aie/fit",
            title=f"`{self.program}` has no placement on `{self.device}`: {of} do not suffice, however it is laid out",
            primary=first,
            related=tuple(others),
            notes=(*self.limits, *self.notes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """No placement was found in the time given, though there may be one."""

    program: str
    device: str
    seconds: float
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/fit",
            title=f"no placement of `{self.program}` on `{self.device}` was found in {self.seconds:g} seconds",
            primary=Label(self.span),
            notes=("that there is none was not proved either",),
            hint='pin some of its actors, `s.place(s["pe"][0, 0], tile=(0, 2))`, or give it more time',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPin:
    """Something is pinned to a tile that the device does not have, or that is of another kind."""

    name: str
    kind: str
    tile: tuple[int, int]
    device: str
    found: str
    span: Span
    nearest: tuple[int, int]
    notes: tuple[str, ...] = ()

    def report(self) -> Report:
        return Report(
            code="aie/pin",
            title=f"`{self.name}` is pinned to tile {self.tile}, {self.found}",
            primary=Label(self.span, f"it needs a {self.kind} of `{self.device}`"),
            notes=(
                *self.notes,
                "a tile is (column, row): row 0 has the shims, row 1 the memory tiles, the rows above the cores",
            ),
            hint=f"write `tile={self.nearest}`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePin:
    """Two actors are pinned to one core."""

    first: str
    second: str
    tile: tuple[int, int]
    span: Span
    other: Span

    def report(self) -> Report:
        return Report(
            code="aie/pin",
            title=f"`{self.first}` and `{self.second}` are both pinned to tile {self.tile}, a core runs one of them",
            primary=Label(self.other),
            related=(Label(self.span),) if self.span != self.other else (),
            hint="pin one of them elsewhere, or let one core run both: `s.chain(...)`",
        )
