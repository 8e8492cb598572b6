"""What an evaluation of a process network finds: the same figures as a run, without values."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.analysis.processes import Operation

__all__ = ["Figures", "LinkFigures", "ProcessFigures", "Waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An operation that cannot happen, and its link; of one stage the first that waits."""

    link: str
    operation: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFigures:
    """How a process spent its time, in cycles; `done` is None where it did not end, `waits` tells at what.

    Where several stages wait, the time counts as stalled on output if any of them waits to put. `waits` are in the
    order in which they began to wait.
    """

    busy: int
    stalled_input: int
    stalled_output: int
    done: int | None
    waits: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFigures:
    """What passed: `tokens` got out, `left` stayed in, `high_water` is the most at the end of a cycle."""

    tokens: int
    left: int
    high_water: int
    cycles_full: int
    cycles_empty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An evaluation: `cycles` counts as `run.cycles` does, inclusively (to where it stands still in a deadlock)."""

    deadlock: bool
    cycles: int
    processes: Mapping[str, ProcessFigures]
    links: Mapping[str, LinkFigures]
