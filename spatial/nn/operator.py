"""An operator: a function, and the schedule that makes it fast."""

import types
from collections.abc import Callable
from dataclasses import dataclass

from spatial.customize.references import Band, Loop
from spatial.customize.schedule import Schedule, customize

__all__ = ["Operator", "loops_in", "operator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A function with types, which other functions call and `sp.customize` takes, and a schedule of it.

    `schedule` is simulated, built and reported like any program, given further steps, and composed into the schedule of
    a function that calls `function`. The work is `operations`, of which the schedule begins at most `lanes` in a
    cycle: multiply-adds of products, elements of all else.
    """

    function: types.FunctionType
    schedule: Schedule
    operations: int
    lanes: int

    @property
    def name(self) -> str:
        """What the function is called."""
        return self.function.__name__

    @property
    def least_cycles(self) -> int:
        """The cycles that the work takes where every lane is busy in each of them."""
        return -(-self.operations // self.lanes)

    def peak(self, cycles: int) -> float:
        """Which part of what its lanes can do a run of so many cycles has done, 1 if every lane was always busy."""
        return self.least_cycles / cycles


def operator(
    function: Callable[..., object], name: str, steps: Callable[[Schedule], None], operations: int, lanes: int
) -> Operator:
    """The operator of a function, which goes by another name, with the steps of its schedule.

    Raises `ProgramError` at the line that asks for the operator, where its shapes, types or options do not fit.
    """
    assert isinstance(function, types.FunctionType), "operators are made of functions"
    function.__name__ = name
    schedule = customize(function)
    steps(schedule)
    return Operator(function=function, schedule=schedule, operations=operations, lanes=lanes)


def loops_in(s: Schedule, band: str) -> tuple[Loop, ...]:
    """The loops of a band of a schedule's program, the outermost first."""
    found = s[band]
    assert isinstance(found, Band), "operators name their bands"
    return found.loops
