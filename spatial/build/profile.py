"""How long calls of a built module take."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["Profile", "profile_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How long calls took: `seconds` has each of them in order; `print(profile)` sums it up.

    `remark` says what was timed where that is not what the module was built for.
    """

    seconds: tuple[float, ...]
    remark: str = ""

    @property
    def least(self) -> float:
        """The shortest call in seconds."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The median call in seconds."""
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        told = f"{len(self.seconds)} calls: at least {1e3 * self.least:.3g} ms, median {1e3 * self.median:.3g} ms"
        return f"{told}\n{self.remark}" if self.remark else told


def profile_of(call: Callable[[], object], warmup: int, iterations: int) -> Profile:
    """Calls `warmup` times, then `iterations` times with a clock; raises `ProgramError` where there is no iteration."""
    if iterations < 1 or warmup < 0:
        title = f"a profile takes at least 1 iteration, not {iterations}, and no less than 0 to warm up"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint="write `iterations=100`")])
    for _ in range(warmup):
        call()
    return Profile(seconds=tuple(_seconds(call) for _ in range(iterations)))


def _seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
