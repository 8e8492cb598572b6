"""Moves the iterations of a nest into iterations of other loops."""

import functools
from collections.abc import Sequence

from spatial.analysis.dependence.affine import Affine
from spatial.ir.mlir import arith, ir, scf
from spatial.schedule.building import OF_BAND, Bounds, erase_loop, keep_attributes, named, new_loop, ranged
from spatial.schedule.copying import Values, settle, sink_arithmetic, statements
from spatial.schedule.indices import Index, plus, times, value_of
from spatial.schedule.loops.nests import Nest, sink
from spatial.schedule.loops.regions import Part, Side
from spatial.schedule.loops.requests import counted
from spatial.schedule.loops.sums import index_of
from spatial.schedule.naming import loop_name

__all__ = ["place"]

SGE = arith.CmpIPredicate.sge


def place(nest: Nest, part: Part, loop: scf.ForOp, step: str, *, first: bool) -> None:
    """Moves a nest to the beginning of a loop's body, or to its end, where each iteration does only a part of it."""
    bounds = [counted(each, step) for each in nest.loops]
    values: Values = {}
    block = loop.body
    with ir.InsertionPoint.at_block_begin(block) if first else ir.InsertionPoint.at_block_terminator(block):
        holder = new_loop("", 0, 1, 1, nest.loops[0])
    made = _guarded(part.guard, holder)
    for each, side, within in zip(nest.loops, part.sides, bounds, strict=True):
        made = _looped(each, side, within, values, made)
    sink(nest, made)
    for variable in nest.variables:
        variable.replace_all_uses_with(values[variable])
    erase_loop(nest.loops[0])
    _dissolve(holder)
    settle(statements(block))
    for op in statements(block):
        if isinstance(op, scf.ForOp):
            sink_arithmetic(op)


def _guarded(sums: Sequence[Affine], holder: scf.ForOp) -> ir.Block:
    """The body of a branch in a loop that is taken where sums are at least 0; that of the loop if there are none."""
    block: ir.Block = holder.body
    if not sums:
        return block
    with ir.InsertionPoint.at_block_terminator(block), holder.location:
        met = [arith.cmpi(SGE, value_of(index_of(each, {})), value_of(0)) for each in sums]
        branch = scf.IfOp(functools.reduce(arith.andi, met), [], has_else=False)
        with ir.InsertionPoint(branch.then_block):
            scf.yield_([])
    inside: ir.Block = branch.then_block
    return inside


def _looped(loop: scf.ForOp, side: Side, bounds: Bounds, values: Values, block: ir.Block) -> ir.Block:
    """Goes through a side at the end of a block; the block in which a loop's variable then has its value."""
    step = bounds.step
    with ir.InsertionPoint.at_block_terminator(block), named(loop):
        low = side.low.index(values)
        if side.extent == 0:
            values[loop.induction_variable] = value_of(_within(low, bounds))
            return block
        if side.extent is None:
            made = new_loop(loop_name(loop), low, plus(side.high.index(values), 1), step, loop)
        elif isinstance(low, int):
            made = new_loop(loop_name(loop), low, low + side.extent + 1, step, loop)
        else:
            made = new_loop(loop_name(loop), 0, side.extent // step + 1, 1, loop)
    keep_attributes(made, of=loop, without=OF_BAND)
    variable: Index = made.induction_variable
    if side.extent is not None and not isinstance(low, int):
        with ir.InsertionPoint.at_block_terminator(made.body), named(loop):
            variable = _within(plus(low, times(made.induction_variable, step)), bounds)
    values[loop.induction_variable] = value_of(variable)
    inside: ir.Block = made.body
    return inside


def _within(value: Index, bounds: Bounds) -> Index:
    """An index that a loop with these bounds had."""
    if bounds.trips is None or not isinstance(bounds.low, int):
        return value
    return ranged(value, bounds.low, bounds.low + (bounds.trips - 1) * bounds.step)


def _dissolve(holder: scf.ForOp) -> None:
    """Puts what a loop of one iteration does in its place."""
    for op in statements(holder.body):
        op.operation.move_before(holder.operation)
    erase_loop(holder)
