"""Writes out iterations of a loop one behind the other."""

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, func, ir, scf
from spatial.schedule.bands import lose_one
from spatial.schedule.building import OF_BAND, Bounds, copy_into, erase_loop, keep_attributes, named, new_loop
from spatial.schedule.copying import clone, settle, sink_arithmetic, statements
from spatial.schedule.indices import EXACT, Index, minus, plus, times, value_of
from spatial.schedule.loops.requests import check_size, counted, counted_trips, cut, for_loop
from spatial.schedule.naming import fresh_name, loop_name
from spatial.types.dtype import index

__all__ = ["middle", "rest_of", "unroll", "unroll_whole"]


def unroll(function: func.FuncOp, loop: ir.OpView, factor: int | None = None) -> tuple[scf.ForOp, ...]:
    """Writes out `factor` iterations in each of a loop, or all of them; the loops that are left.

    All that are left is none where every iteration is written out, else the loop itself, and behind it a loop
    `i.rest` for what its iterations do not fill. The order of iterations stays.
    """
    counting = for_loop(loop, "unroll")
    if factor is None:
        unroll_whole(function, counting, "unroll")
        return ()
    number = cut(counting, "unroll", "factor", factor)
    bounds = counted(counting, "unroll")
    if bounds.trips == number:
        unroll_whole(function, counting, "unroll")
        return ()
    check_size(counting, number, "unroll")
    with ir.InsertionPoint(counting), counting.location:
        end = middle(bounds, number)
        main = new_loop(loop_name(counting), bounds.low, end, bounds.step * number, counting)
    keep_attributes(main, of=counting)
    _write_out(function, counting, main, [place * bounds.step for place in range(number)])
    rest = rest_of(function, counting, bounds, end, number)
    erase_loop(counting)
    return (main, *rest)


def unroll_whole(function: func.FuncOp, loop: scf.ForOp, step: str) -> None:
    """Writes out all iterations of a loop in its place."""
    bounds, trips = counted_trips(loop, step, "give a factor: `unroll(..., 4)` leaves a loop for the rest")
    check_size(loop, trips, step)
    assert isinstance(bounds.low, int), "a loop whose iterations are known has bounds that are numbers"
    lose_one(loop)
    body, made = statements(loop.body), []
    with ir.InsertionPoint(loop), loop.location:
        for place in range(trips):
            with named(loop):
                variable = constant(index, bounds.low + place * bounds.step)
            made.append(variable.owner.opview)
            afresh = function if place else None
            made += clone(body, {loop.induction_variable: variable}, afresh)
    erase_loop(loop)
    settle(made)


def middle(bounds: Bounds, factor: int) -> Index:
    """Where the iterations end that fill groups of `factor`; made at the insertion point."""
    if isinstance(bounds.low, int) and bounds.trips is not None:
        return bounds.low + bounds.trips // factor * factor * bounds.step
    total = arith.maxsi(value_of(bounds.count()), value_of(0))
    whole = minus(total, arith.remsi(total, value_of(factor)))
    return plus(bounds.low, times(whole, bounds.step))


def rest_of(function: func.FuncOp, loop: scf.ForOp, bounds: Bounds, start: Index, factor: int) -> tuple[scf.ForOp, ...]:
    """A copy of a loop in front of it that begins at `start`, if anything is left for it."""
    if bounds.trips is not None and bounds.trips % factor == 0:
        return ()
    with ir.InsertionPoint(loop), loop.location:
        rest = new_loop(fresh_name(function, f"{loop_name(loop)}.rest"), start, bounds.high, bounds.step, loop)
    copy_into(rest, loop, function)
    keep_attributes(rest, of=loop, without=OF_BAND)
    return (rest,)


def _write_out(function: func.FuncOp, loop: scf.ForOp, main: scf.ForOp, places: list[int]) -> None:
    """Copies of the body of a loop into another one, each so far behind its variable."""
    body = statements(loop.body)
    with ir.InsertionPoint.at_block_terminator(main.body), loop.location:
        for place in places:
            variable: Index = main.induction_variable
            if place:
                behind = constant(index, place)
                with named(loop):
                    variable = arith.addi(main.induction_variable, behind, overflow_flags=EXACT)
            clone(body, {loop.induction_variable: value_of(variable)}, function if place else None)
    settle(statements(main.body))
    sink_arithmetic(main)
