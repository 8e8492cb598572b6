"""Gives two programs the same inputs until they differ."""

import time
from collections.abc import Callable, Sequence

from spatial.verify.testing.cases import Case, Slot, case_of
from spatial.verify.testing.compare import Ran, compared
from spatial.verify.testing.shrink import shrunk
from spatial.verify.testing.tested import Difference, Tested

__all__ = ["MOST_SHRINKING", "Runs", "differential"]

MOST_SHRINKING = 500
Runs = Callable[[Case], Ran]


def differential(
    names: tuple[str, str], runs: tuple[Runs, Runs], slots: Sequence[Slot], *, samples: int, seed: int, seconds: float
) -> Tested:
    """Tries so many inputs on both programs, or as many as `seconds` allow; the first difference is made small.

    To make it small takes as many seconds at most, and one run more.

    Programs that take nothing, or nothing but what is given, are run once.
    """
    asked = samples if any(slot.given is None for slot in slots) else 1
    ends = time.monotonic() + seconds
    tried = skipped = 0
    difference: Difference | None = None
    while tried < asked and (tried == 0 or time.monotonic() < ends):
        case = case_of(slots, tried, seed)
        tried += 1
        one, other = (run(case) for run in runs)
        difference = compared(one, other, case)
        if difference is not None:
            break
        skipped += bool(one.end or other.end or one.late or other.late)
    shrinking = 0
    if difference is not None:
        difference, shrinking = shrunk(difference, slots, lambda case: _trial(runs, case), MOST_SHRINKING, seconds)
    return Tested(
        first=names[0],
        second=names[1],
        asked=asked,
        samples=tried,
        skipped=skipped,
        seed=seed,
        difference=difference,
        shrinking=shrinking,
    )


def _trial(runs: tuple[Runs, Runs], case: Case) -> Difference | None:
    return compared(runs[0](case), runs[1](case), case)
