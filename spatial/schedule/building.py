"""Makes loops beside the ones they come from."""

from collections.abc import Collection
from dataclasses import dataclass

from spatial.ir.mlir import func, ir, scf
from spatial.schedule.copying import clone, erase_unused, move, rename, statements
from spatial.schedule.indices import Index, bound, divided, known, minus, plus, value_of
from spatial.schedule.naming import loop_name

__all__ = [
    "OF_BAND",
    "OF_ITERATIONS",
    "Bounds",
    "bounds_of",
    "copy_into",
    "erase_loop",
    "keep_attributes",
    "named",
    "new_loop",
    "ranged",
    "take_body",
]

OF_ITERATIONS = ("df.pipeline", "df.pipelined")
"""What is said of a loop's iterations as they are."""
OF_BAND = ("df.label", "df.band")
"""What names a loop for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a loop counts through; `step` is at least 1."""

    low: Index
    high: Index
    step: int

    @property
    def trips(self) -> int | None:
        """How many iterations it has, where that is known."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            return len(range(self.low, self.high, self.step))
        return None

    def count(self) -> Index:
        """How many iterations it has, below 1 where there are none; made at the insertion point."""
        return divided(plus(minus(self.high, self.low), self.step - 1), self.step)


def bounds_of(loop: scf.ForOp) -> Bounds | None:
    """The bounds of a loop; None where its step is no number."""
    low, high, step = list(loop.operands)[:3]
    number = known(step)
    return None if number is None else Bounds(low=bound(low), high=bound(high), step=number)


def new_loop(name: str, low: Index, high: Index, step: Index, like: scf.ForOp) -> scf.ForOp:
    """An empty loop at the insertion point, at the place of the text that another one has."""
    with like.location:
        loop = scf.ForOp(value_of(low), value_of(high), value_of(step))
        with ir.InsertionPoint(loop.body):
            scf.yield_([])
    loop.induction_variable.set_location(loop.location)
    rename(loop, name)
    return loop


def keep_attributes(loop: scf.ForOp, *, of: scf.ForOp, without: Collection[str] = ()) -> None:
    """What is said of another loop is said of this one too."""
    for key in of.attributes:
        if key != "df.name" and key not in without:
            loop.attributes[key] = of.attributes[key]


def named(loop: scf.ForOp) -> ir.Location:
    """The location of a value that the user knows as the variable of a loop."""
    return ir.Location.name(loop_name(loop), loop.location)


def ranged(value: Index, low: int | None, high: int | None) -> Index:
    """An index, of which it is kept what it ranges over."""
    if isinstance(value, int) or low is None or high is None or isinstance(value.owner, ir.Block):
        return value
    i64 = ir.IntegerType.get_signless(64)
    numbers = [ir.IntegerAttr.get(i64, number) for number in (low, high)]
    value.owner.attributes["df.range"] = ir.ArrayAttr.get(numbers)
    return value


def take_body(loop: scf.ForOp, block: ir.Block, variable: Index) -> None:
    """Moves the body of a loop to the end of a block; its variable is then another index, made there before."""
    if isinstance(variable, int):
        with ir.InsertionPoint.at_block_terminator(block), loop.location:
            variable = value_of(variable)
    loop.induction_variable.replace_all_uses_with(variable)
    move(statements(loop.body), block)


def copy_into(loop: scf.ForOp, other: scf.ForOp, function: func.FuncOp) -> None:
    """A copy of the body of another loop to the end of a loop's; loops in it have names of their own."""
    with ir.InsertionPoint.at_block_terminator(loop.body):
        clone(statements(other.body), {other.induction_variable: loop.induction_variable}, function)


def erase_loop(loop: scf.ForOp) -> None:
    """Erases a loop, with what made its bounds."""
    operands = list(loop.operands)
    loop.operation.erase()
    erase_unused(operands)
