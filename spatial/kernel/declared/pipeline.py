"""How a loop is pipelined, where the user says so by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["Pipeline"]

MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The pipeline of a loop, all figures in cycles.

    An iteration starts every `ii` cycles (the least that its channel ends and recurrences allow, if
    left out) and takes `latency` stages. Channel operations read in stage 1 and write in the last one
    unless `stages` places them: `stages={"fifo_A": 0}` by the name of the stream. "elastic" stages
    advance whenever the next is free; "rigid" ones all wait if one waits.
    """

    ii: int | None = None
    latency: int | None = None
    style: Literal["rigid", "elastic"] = "elastic"
    stages: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in (("ii", self.ii), ("latency", self.latency)):
            if value is not None and not _is_count(value, 1, MOST):
                raise _misuse(f"a pipeline's `{name}` is an integer from 1 to {MOST}, not `{value}`")
        if self.style not in ("rigid", "elastic"):
            raise _misuse(f'a pipeline\'s `style` is "rigid" or "elastic", not {self.style!r}')
        if not isinstance(self.stages, Mapping):
            raise _misuse(f"a pipeline's `stages` maps names of streams to stages, it is not `{self.stages!r}`")
        for stream, stage in self.stages.items():
            if not _is_count(stage, 0, (self.latency or MOST) - 1):
                raise _misuse(f"the stage of `{stream}` is an integer from 0 to latency - 1, not `{stage}`")


def _is_count(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _misuse(title: str) -> ProgramError:
    hint = 'for example `sp.Pipeline(ii=1, latency=3, style="rigid")`'
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])
