"""Repeats the body of a loop within an iteration."""

from dataclasses import replace

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, ir, scf
from spatial.kernel.errors import WrongArguments
from spatial.kernel.loops.counting import EXACT, Iteration, count, trips, unset
from spatial.kernel.loops.exits import Flag
from spatial.kernel.loops.heads import Level
from spatial.kernel.lower.affine import fixed
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import Array, Cell, Scalar
from spatial.types.dtype import index

__all__ = ["run"]

MOST = 4096


def run(lowering: Lowering, level: Level, flag: Flag | None, iteration: Iteration) -> None:
    """The loop of a level with its body repeated as asked.

    With a factor, a loop over what is left follows; where there are no more iterations than the factor, or all
    are asked for, no loop remains. A repetition runs only where those in front have not left the loop.
    """
    values = _values(level)
    if level.unroll == 1:
        count(lowering, level, flag, iteration)
    elif values is not None and (not level.unroll or level.unroll >= len(values)):
        _check_size(lowering, level, len(values))
        for position, value in enumerate(values):
            _copy(lowering, flag if position else None, iteration, _number(value))
    elif not level.unroll:
        raise _unknown(lowering, level)
    else:
        _check_size(lowering, level, level.unroll)
        _by_factor(lowering, level, flag, iteration, values)


def _by_factor(lowering: Lowering, level: Level, flag: Flag | None, iteration: Iteration, values: range | None) -> None:
    """A loop whose iterations do several of the original, then one for the rest."""
    middle = _middle(level, values)

    def several(first: Scalar) -> None:
        for position in range(level.unroll):
            _copy(lowering, flag if position else None, iteration, _behind(level, first, position * level.step))

    count(lowering, replace(level, stop=middle, step=level.step * level.unroll), flag, several)
    if values is None or len(values) % level.unroll:
        count(lowering, replace(level, start=middle), flag, lambda value: _copy(lowering, None, iteration, value))


def _middle(level: Level, values: range | None) -> Scalar:
    """Where the repeated part ends."""
    if values is not None:
        return _number(values.start + len(values) // level.unroll * level.unroll * level.step)
    total = arith.maxsi(trips(level), constant(index, 0))
    whole = arith.subi(total, arith.remsi(total, constant(index, level.unroll)), overflow_flags=EXACT)
    moved = arith.muli(whole, constant(index, level.step), overflow_flags=EXACT)
    return Scalar(arith.addi(level.start.value, moved, overflow_flags=EXACT), index)


def _behind(level: Level, first: Scalar, by: int) -> Scalar:
    """The loop variable in a repetition."""
    if not by:
        return first
    with ir.Location.name(level.target.id, ir.Location.current):
        value = arith.addi(first.value, constant(index, by), overflow_flags=EXACT)
    return Scalar(value, index, first.affine + fixed(by) if first.affine else None)


def _copy(lowering: Lowering, flag: Flag | None, iteration: Iteration, value: Scalar) -> None:
    """One repetition; what it names is not known to the next."""
    before = set(lowering.names)
    if flag is None:
        iteration(value)
    else:
        branch = scf.IfOp(unset(lowering, flag), [], has_else=False)
        with lowering.guarded(branch.then_block):
            iteration(value)
            scf.yield_([])
    for name in set(lowering.names) - before:
        if not isinstance(lowering.names[name], Array | Cell | None):
            del lowering.names[name]


def _values(level: Level) -> range | None:
    """What a level runs through, where that is one compile-time range for all PEs."""
    start, stop = level.start.affine, level.stop.affine
    if start is None or stop is None or start.factors or stop.factors:
        return None
    return range(start.constant, stop.constant, level.step)


def _number(value: int) -> Scalar:
    return Scalar(constant(index, value), index, fixed(value))


def _check_size(lowering: Lowering, level: Level, repetitions: int) -> None:
    if repetitions > MOST:
        title = f"a loop is unrolled {MOST:,} times at most, this one {repetitions:,} times"
        span = lowering.spans(level.target)
        raise lowering.rejected(WrongArguments(title=title, span=span, hint="give a factor, such as `unroll=8`"))


def _unknown(lowering: Lowering, level: Level) -> Rejected:
    title = f"the bounds of `{level.target.id}` must be compile-time to unroll its loop completely"
    span, hint = lowering.spans(level.target), "give a factor: `unroll=4` leaves a loop for the rest"
    return lowering.rejected(WrongArguments(title=title, span=span, hint=hint))
