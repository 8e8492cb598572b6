"""What scheduling finds out: the pipeline of each loop, and the time that computing takes outside of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spatial.ir.mlir import ir
from spatial.source.span import Span

__all__ = ["Limit", "LoopTiming", "Part", "Timings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An operation on the way that limits an interval: what it is, where, and the stages it takes."""

    what: str
    stages: int
    span: Span

    @property
    def told(self) -> str:
        """What it is and how long it takes, in words."""
        return f"{self.what}: {self.stages} stage{'s' if self.stages != 1 else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Why iterations of a loop do not start sooner after each other, and where.

    A `kind` is "recurrence", "channel", "port", "asked" or "condition". The `parts` of a recurrence lead from
    what an iteration reads to what one `distance` iterations later needs.
    """

    kind: str
    why: str
    span: Span
    distance: int = 1
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTiming:
    """How a nest of loops is pipelined, times in cycles.

    An iteration of `nest` (outermost first, flattened) starts every `ii`, takes `latency` stages, and
    does each operation in its stage of `stages`: that in which it happens, or a result is there.
    `limit` says what keeps `ii` above 1. The scalars in `private` live within an iteration: those in flight
    together have one each.
    """

    nest: tuple[ir.OpView, ...]
    ii: int
    latency: int
    style: str
    stages: Mapping[ir.Operation, int]
    limit: Limit | None = None
    private: frozenset[ir.Value] = frozenset()

    @property
    def overlaps(self) -> bool:
        """Whether an iteration starts before the one ahead has ended."""
        return self.latency > self.ii

    @property
    def rows(self) -> int:
        """So many iterations are never all in flight together, and one of them may just be over."""
        return self.latency // self.ii + 2 if self.overlaps else 1


@dataclass(slots=True, eq=False)
class Timings(dict[ir.Operation, LoopTiming]):
    """The pipelined loops of a function by their innermost operation; loops left out run unpipelined.

    `pauses` are the cycles that pass before an operation outside of pipelines, in which what stands
    before it is computed.
    """

    pauses: dict[ir.Operation, int] = field(default_factory=dict)
