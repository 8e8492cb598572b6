"""Cuts a loop into blocks: a loop over blocks and a loop within."""

from spatial.ir.mlir import arith, func, ir, scf
from spatial.schedule.bands import split_one
from spatial.schedule.building import (
    OF_BAND,
    OF_ITERATIONS,
    erase_loop,
    keep_attributes,
    named,
    new_loop,
    ranged,
    take_body,
)
from spatial.schedule.copying import sink_arithmetic
from spatial.schedule.indices import Index, divided, plus, quotient, times, value_of
from spatial.schedule.loops.requests import counted, counted_trips, cut, for_loop, wrong
from spatial.schedule.naming import fresh_name, loop_name

__all__ = ["split"]


def split(
    function: func.FuncOp, loop: ir.OpView, factor: int | None = None, *, parts: int | None = None
) -> tuple[scf.ForOp, scf.ForOp]:
    """Cuts a loop into blocks of `factor` iterations, or into `parts` blocks; the loops over blocks and within one.

    They are called `i.outer` and `i.inner`. The order of iterations stays. Where blocks do not fill the loop, a branch
    leaves out what is behind its end, so that both loops have constant bounds.
    """
    counting = for_loop(loop, "split")
    size = _size(counting, factor, parts)
    bounds = counted(counting, "split")
    name = loop_name(counting)
    with ir.InsertionPoint(counting), counting.location:
        count = bounds.count()
        filled = quotient(count, size)
        blocks = divided(plus(count, size - 1), size) if filled is None else filled
        outer = new_loop(fresh_name(function, f"{name}.outer"), 0, blocks, 1, counting)
        with ir.InsertionPoint.at_block_terminator(outer.body):
            inner = new_loop(fresh_name(function, f"{name}.inner"), 0, size, 1, counting)
        with ir.InsertionPoint.at_block_terminator(inner.body):
            begin = times(outer.induction_variable, size)
            with named(counting):
                position = plus(begin, inner.induction_variable)
                variable = plus(bounds.low, times(position, bounds.step))
            if isinstance(bounds.low, int) and isinstance(blocks, int):
                variable = ranged(variable, bounds.low, bounds.low + (blocks * size - 1) * bounds.step)
            body = _guarded(variable, bounds.high) if filled is None else inner.body
    take_body(counting, body, variable)
    keep_attributes(outer, of=counting, without=OF_ITERATIONS)
    keep_attributes(inner, of=counting, without=OF_BAND)
    split_one(counting, outer)
    erase_loop(counting)
    sink_arithmetic(inner)
    return outer, inner


def _size(loop: scf.ForOp, factor: int | None, parts: int | None) -> int:
    """How many iterations a block has."""
    if (factor is None) == (parts is None):
        raise wrong("`split` takes a factor or a number of parts", 'write `split("i", 4)` or `split("i", parts=4)`')
    if parts is None:
        return cut(loop, "split", "factor", factor)
    number = cut(loop, "split", "parts", parts)
    _, trips = counted_trips(loop, "split", "give a factor instead of `parts`")
    return -(-trips // number)


def _guarded(variable: Index, high: Index) -> ir.Block:
    """The block of a branch at the insertion point that is taken before the end."""
    inside = arith.cmpi(arith.CmpIPredicate.slt, value_of(variable), value_of(high))
    branch = scf.IfOp(inside, [], has_else=False)
    with ir.InsertionPoint(branch.then_block):
        scf.yield_([])
    block: ir.Block = branch.then_block
    return block
