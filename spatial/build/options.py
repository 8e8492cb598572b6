"""Checks what a run is asked for."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from spatial.kernel.declared.definition import Kernel
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["Built", "check_options", "check_timed", "no_region"]


def check_timed(record: Iterable[str], until: int | None, timeout: float | None, calls: int, timeline: object) -> None:
    """What a run without values does not do."""
    given = {"record": list(record), "until": until, "timeout": timeout, "calls": calls > 1, "timeline": timeline}
    for name, asked in given.items():
        if asked:
            title = f"`{name}` is for runs with values"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=f"leave out `{name}` or `values=False`")])


def check_options(until: int | None, timeout: float | None, calls: int, on_deadlock: str) -> None:
    """Raises `ProgramError` where an option has no such value."""
    if isinstance(calls, bool) or not isinstance(calls, int) or calls < 1:
        title = f"`calls` is a number of calls of at least 1, not `{calls!r}`"
        raise ProgramError([Misuse(title=title, span=caller_span("calls"))])
    if until is not None and (isinstance(until, bool) or not isinstance(until, int) or until < 1):
        title = f"`until` is a number of cycles of at least 1, not `{until}`"
        raise ProgramError([Misuse(title=title, span=caller_span())])
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0):
        title = f"`timeout` is a number of seconds greater than 0, not `{timeout}`"
        raise ProgramError([Misuse(title=title, span=caller_span())])
    if on_deadlock not in ("raise", "return"):
        title = f'`on_deadlock` is "raise" or "return", not {on_deadlock!r}'
        raise ProgramError([Misuse(title=title, span=caller_span())])


class Built(ABC):
    """What `sp.build` makes of a region."""

    __slots__ = ()

    @property
    @abstractmethod
    def name(self) -> str:
        """The region's name."""


def no_region(given: object) -> Misuse:
    """What is given in place of a region, and what to do with it."""
    match given:
        case Kernel():
            title = f"`{given.name}` is a kernel, no region"
            hint = "put the kernel in a function under `@sp.region()`"
        case Built():
            title = f"`{given.name}` is built already"
            hint = "call what `sp.build` gave, or its `run(...)`"
        case _:
            title = f"`{getattr(given, '__name__', repr(given))}` is no region"
            hint = "put `@sp.region()` above the function"
    return Misuse(title=title, span=caller_span(), hint=hint)
