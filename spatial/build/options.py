"""Checks what a run is asked for."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.source.told import told

__all__ = ["Built", "check_options", "check_timed", "no_region"]

MOST = (1 << 62) - 1
MOST_SECONDS = 10**9


def check_timed(record: Iterable[str], until: int | None, timeout: float | None, calls: int, timeline: object) -> None:
    """What a run without values does not do."""
    given = {
        "record": list(record) if isinstance(record, Iterable) else True,
        "until": until,
        "timeout": timeout,
        "calls": calls != 1,
        "timeline": timeline,
    }
    for name, asked in given.items():
        if asked:
            title = f"`{name}` is for runs with values"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=f"leave out `{name}` or `values=False`")])


def check_options(until: int | None, timeout: float | None, calls: int, on_deadlock: str) -> None:
    """Raises `ProgramError` where an option has no such value."""
    _check_count("calls", "calls", calls)
    if until is not None:
        _check_count("until", "cycles", until)
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0):
        title = f"`timeout` is a number of seconds greater than 0, not `{told(timeout)}`"
        raise ProgramError([Misuse(title=title, span=caller_span())])
    if timeout is not None and MOST_SECONDS < timeout < math.inf:
        title = f"`timeout` is a number of seconds of at most {MOST_SECONDS}, not `{told(timeout)}`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint="leave it out for no limit")])
    if on_deadlock not in ("raise", "return"):
        title = f'`on_deadlock` is "raise" or "return", not {on_deadlock!r}'
        raise ProgramError([Misuse(title=title, span=caller_span())])


def _check_count(name: str, what: str, count: object) -> None:
    """Raises `ProgramError` where an option is no number of calls or cycles that fits into 64 bits."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        title = f"`{name}` is a number of {what} of at least 1, not `{told(count)}`"
        raise ProgramError([Misuse(title=title, span=caller_span(name))])
    if count > MOST:
        title = f"`{name}` is a number of {what} of at most {MOST}, not `{told(count)}`"
        raise ProgramError([Misuse(title=title, span=caller_span(name))])


class Built(ABC):
    """What `sp.build` makes of a program."""

    __slots__ = ()

    @property
    @abstractmethod
    def name(self) -> str:
        """The region's name."""


def no_region(given: object) -> Misuse:
    """What is given in place of a program, and what to do with it."""
    if isinstance(given, Built):
        title = f"`{given.name}` is built already"
        hint = "call what `sp.build` gave, or its `run(...)`"
    else:
        title = f"`{getattr(given, '__name__', repr(given))}` is no region, kernel or function"
        hint = "write `def name(A: int32[4]):`, or put `@sp.region()` above a function that declares kernels"
    return Misuse(title=title, span=caller_span(), hint=hint)
