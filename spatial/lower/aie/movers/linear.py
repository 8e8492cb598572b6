"""Loops whose iterations do the same, each as far behind the one before."""

from spatial.analysis.control.expression import Expression
from spatial.lower.aie.movers.affine import affine_of
from spatial.lower.aie.movers.steps import (
    Branch,
    Endless,
    Fetch,
    Let,
    Loop,
    Read,
    Step,
    Steps,
    Take,
    Unfit,
    Write,
    flat,
)

__all__ = ["is_linear", "written_in"]


def is_linear(loop: Loop) -> bool:
    """Whether indices are sums of multiples of a loop's variable, and nothing else depends on it.

    What an iteration leaves in locals for the next one is not looked at.
    """
    steps = list(flat(loop.body))
    moving = _moving(steps, loop.variable)
    return all(_follows(step, moving) for step in steps)


def written_in(body: Steps) -> set[int]:
    """The memories that steps write into."""
    return {step.memory for step in flat(body) if isinstance(step, Let | Write | Take)}


def _moving(steps: list[Step], variable: int) -> set[int]:
    """The variables that a loop's variable decides: itself, and those that locals keep sums of."""
    found, cells, before = {variable}, set[int](), 0
    while len(found) + len(cells) > before:
        before = len(found) + len(cells)
        cells |= {step.memory for step in steps if isinstance(step, Let) and step.expression.variables & found}
        found |= {step.variable for step in steps if isinstance(step, Fetch) and step.memory in cells}
    return found


def _follows(step: Step, moving: set[int]) -> bool:
    match step:
        case Endless() | Unfit():
            return False
        case Let(expression=expression):
            return _is_sum(expression, moving)
        case Read(at=at) | Write(at=at):
            return all(_is_sum(index, moving) for index in at)
        case Loop(bounds=bounds):
            return not any(bound.variables & moving for bound in bounds)
        case Branch(condition=condition):
            return not condition.variables & moving
    return True


def _is_sum(expression: Expression, moving: set[int]) -> bool:
    return not expression.variables & moving or affine_of(expression) is not None
