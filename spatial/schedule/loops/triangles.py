"""Bounds of a loop that comes to stand outside of loops on which they depend: those of all its iterations there."""

from collections.abc import Callable, Mapping, Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import WithinOp
from spatial.ir.mlir import arith, ir, scf
from spatial.schedule.building import bounds_of
from spatial.schedule.copying import Values, erase_unused
from spatial.schedule.indices import Index, known, value_of
from spatial.schedule.loops.nests import bound_in, depends_on
from spatial.schedule.loops.requests import refused
from spatial.schedule.naming import loop_name
from spatial.types.dtype import index

__all__ = ["check_wide", "guarded", "wide_bounds"]

LOW, HIGH, STEP = range(3)
FALLS, STAYS, RISES = -1, 0, 1


def check_wide(loop: scf.ForOp, inside: Sequence[scf.ForOp], outer: scf.ForOp, step: str) -> None:
    """Refuses a loop to come outside of `inside` where the bounds of all its iterations there are not known."""
    for side, operand in enumerate(list(loop.operands)[:3]):
        for other in _named(operand, inside, outer):
            why = _not_known(loop, other, side, operand)
            if why:
                names = f"`{loop_name(loop)}` outside of `{loop_name(other)}`"
                title = f"`{step}` cannot put {names}, on which its bounds depend"
                raise refused(title, (loop, "its bounds"), (other, why))


def wide_bounds(
    loop: scf.ForOp, inside: Sequence[scf.ForOp], outer: scf.ForOp, values: Values
) -> tuple[Index, Index, Index]:
    """The least and the greatest bounds that a loop has in any iteration of the loops that are inside of it now."""
    low, high, step = list(loop.operands)[:3]
    least = _at_ends(low, inside, outer, values, RISES)
    most = _at_ends(high, inside, outer, values, FALLS)
    return least, most, bound_in(step, outer, values)


def guarded(
    block: ir.Block, loop: scf.ForOp, inside: Sequence[scf.ForOp], outer: scf.ForOp, values: Values
) -> ir.Block:
    """The block of a branch at the end of another one that is taken in those iterations that the loop had."""
    for side, operand in ((LOW, loop.lowerBound), (HIGH, loop.upperBound)):
        if not _named(operand, inside, outer):
            continue
        with ir.InsertionPoint.at_block_terminator(block), loop.location:
            end = value_of(bound_in(operand, outer, dict(values)))
            predicate = arith.CmpIPredicate.sge if side == LOW else arith.CmpIPredicate.slt
            branch = scf.IfOp(arith.cmpi(predicate, values[loop.induction_variable], end), [], has_else=False)
            with ir.InsertionPoint(branch.then_block):
                scf.yield_([])
        block = branch.then_block
    return block


def _named(operand: ir.Value, inside: Sequence[scf.ForOp], outer: scf.ForOp) -> list[scf.ForOp]:
    """Those of the loops on whose variables a bound depends."""
    by_variable = {other.induction_variable: other for other in inside}
    return [by_variable[variable] for variable in depends_on(operand, list(by_variable), outer)]


def _not_known(loop: scf.ForOp, other: scf.ForOp, side: int, operand: ir.Value) -> str:
    """Why the bounds of a loop in all iterations of another one are not known; nothing if they are."""
    if _ends(other) is None:
        return "its own bounds are no numbers"
    if side == STEP or (side == LOW and known(loop.step) != 1):
        return "its iterations are not those of a range that only ends elsewhere"
    if _direction(operand, other.induction_variable) is None:
        return "a bound does not only grow, or only fall, with it"
    return ""


def _at_ends(operand: ir.Value, inside: Sequence[scf.ForOp], outer: scf.ForOp, values: Values, worst: int) -> Index:
    """A bound where the variables of the loops inside have the values at which it is least (`RISES`), or greatest."""
    there = dict(values)
    for other in _named(operand, inside, outer):
        ends = _ends(other)
        assert ends is not None, "checked before"
        variable = other.induction_variable
        there[variable] = constant(index, ends[0] if _direction(operand, variable) == worst else ends[1])
    found = bound_in(operand, outer, there)
    number = found if isinstance(found, int) else known(found)
    if number is None or isinstance(found, int):
        return found
    erase_unused([found])
    return number


def _ends(loop: scf.ForOp) -> tuple[int, int] | None:
    """The first and the last value of the variable of a loop; None where they are no numbers."""
    bounds = bounds_of(loop)
    if bounds is None or not isinstance(bounds.low, int) or not isinstance(bounds.high, int):
        return None
    taken = range(bounds.low, bounds.high, bounds.step) or range(bounds.low, bounds.low + 1)
    return taken[0], taken[-1]


def _direction(value: ir.Value, variable: ir.Value) -> int | None:
    """Whether an index falls, stays or rises where a variable grows; None where it may do both."""
    if value == variable:
        return RISES
    if isinstance(value.owner, ir.Block) or known(value) is not None:
        return STAYS
    op = value.owner.opview
    found = [_direction(operand, variable) for operand in op.operands]
    if all(each == STAYS for each in found):
        return STAYS
    combine = DIRECTIONS.get(type(op))
    return combine(op, found) if combine and None not in found else None


def _together(op: ir.OpView, found: Sequence[int | None]) -> int | None:
    moving = {each for each in found if each != STAYS}
    return moving.pop() if len(moving) == 1 else None


def _apart(op: ir.OpView, found: Sequence[int | None]) -> int | None:
    left, right = found
    return _together(op, (left, -(right or 0)))


def _scaled(op: ir.OpView, found: Sequence[int | None]) -> int | None:
    factors = [number for number in map(known, op.operands) if number is not None]
    moving = _together(op, found)
    return None if moving is None or len(factors) != 1 else moving * (1 if factors[0] >= 0 else -1)


def _divided(op: ir.OpView, found: Sequence[int | None]) -> int | None:
    divisor = known(op.operands[1])
    return found[0] if divisor is not None and divisor > 0 else None


DIRECTIONS: Mapping[type, Callable[[ir.OpView, Sequence[int | None]], int | None]] = {
    arith.AddIOp: _together,
    arith.SubIOp: _apart,
    arith.MulIOp: _scaled,
    arith.FloorDivSIOp: _divided,
    arith.DivSIOp: _divided,
    arith.CeilDivSIOp: _divided,
    arith.MinSIOp: _together,
    arith.MaxSIOp: _together,
    WithinOp: _together,
}
"""Which way an index goes by which way go the operands that it is made of."""
