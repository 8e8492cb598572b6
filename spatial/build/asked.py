"""What a run is asked for beside its arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Literal

from spatial.sim.reference.engine import Watch
from spatial.sim.timeline import Timeline

__all__ = ["PLAINLY", "UNLIMITED", "Asked", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of a run as the user gives them to `simulate`, unchecked."""

    depths: Mapping[str, int] | None = None
    record: Iterable[str] = ()
    until: int | None = None
    timeout: float | None = None
    calls: int = 1
    on_deadlock: Literal["raise", "return"] = "raise"
    progress: bool = False
    timeline: str | PathLike[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an engine is to do beside computing: how far to go, what to keep, whom to tell.

    It stops before the cycle `until` and soon after so many `seconds`; keeps the tokens of the channels `recorded`;
    shows what kernels print if there is an `echo`.
    """

    recorded: frozenset[str] = frozenset()
    until: int | None = None
    seconds: float | None = None
    watch: Watch | None = None
    calls: int = 1
    timeline: Timeline | None = None
    echo: bool = True


PLAINLY, UNLIMITED = Asked(), Limits()
