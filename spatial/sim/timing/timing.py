"""What a run of the timing engine finds, in arrays by the numbers of processes and links."""

from dataclasses import dataclass

from spatial.analysis.processes import Operation
from spatial.sim.timing.assembler import Words

__all__ = ["Leap", "Timing", "Wait"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """An operation of a process, by number, that waits since a cycle, and those of its stage that could happen."""

    process: int
    operation: Operation
    since: int
    held: tuple[Operation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leap:
    """Cycles that were not run through, since they repeat those before: from `begin` to `end`, every `period`."""

    begin: int
    end: int
    period: int

    @property
    def periods(self) -> int:
        """How many repetitions they are."""
        return (self.end - self.begin) // self.period

    def __str__(self) -> str:
        every = "each is" if self.period == 1 else f"every {self.period} are"
        return f"cycles {self.begin} to {self.end}, of which {every} like those before"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timing:
    """A run: `cycles` as `run.cycles` counts them, `now` where nothing happens any more.

    Arrays have an entry for each process: `done` (-1 where it did not end), `busy`, `stalled_input`,
    `stalled_output`; or for each link: `tokens` got out, `left` in it, `high_water`, `cycles_full`, `cycles_empty`.
    `waits` are in the order of the processes, those of each in the
    order in which they began. `leaps` are the first
    stretches that were not run through, `skipped` the cycles of all.
    """

    cycles: int
    now: int
    deadlock: bool
    done: Words
    busy: Words
    stalled_input: Words
    stalled_output: Words
    tokens: Words
    left: Words
    high_water: Words
    cycles_full: Words
    cycles_empty: Words
    waits: tuple[Wait, ...]
    leaps: tuple[Leap, ...]
    skipped: int
