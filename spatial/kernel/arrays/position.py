"""Where in an array the greatest or the least element stands."""

import ast
from collections.abc import Sequence
from dataclasses import replace

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.kernel.arrays.reduction import are, number
from spatial.kernel.arrays.tensor import result_type
from spatial.kernel.arrays.views import nest
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.operators import Operand, operate
from spatial.kernel.lower.values import Folded, Position, Scalar, Single, Sink, Tensor
from spatial.types.arithmetic import Operator
from spatial.types.dtype import index, is_float

__all__ = ["place"]

NSW = {"overflow_flags": arith.IntegerOverflowFlags.nsw}


def place(lowering: Lowering, term: Tensor, axes: Sequence[int], better: Operator, node: ast.AST) -> Single:
    """The place of the first element that is `better` than all before it, counted in C order along the axes.

    A NaN is better than any number. The nest has a loop for each axis, these inside, and takes a cycle for each
    element.
    """
    kept = [axis for axis in range(len(term.shape)) if axis not in axes]
    shape = tuple(term.shape[axis] for axis in kept)
    result_type(lowering, [term.dtype, term.dtype], lambda pair: _better(lowering, better, pair[0], pair[1], node))

    def fill(sink: Sink) -> None:
        with lowering.at(node):
            _nest(lowering, term, kept, axes, better, sink, node)

    reads = tuple(replace(read, aligned=False) for read in term.reads)
    folded = Folded(name="place", shape=shape, dtype=index, fill=fill, reads=reads)
    return folded if shape else number(folded)


def _nest(
    lowering: Lowering,
    term: Tensor,
    kept: Sequence[int],
    axes: Sequence[int],
    better: Operator,
    sink: Sink,
    node: ast.AST,
) -> None:
    """The loops; the best so far and its place lie in cells."""
    best, found = lowering.allocate(term.dtype, "best"), lowering.allocate(index, "place")
    order, count = [*kept, *axes], len(kept)
    extents = tuple(term.shape[axis] for axis in order)

    def step(at: Position) -> None:
        value = term.element([at[order.index(axis)] for axis in range(len(order))])
        before = Scalar(memref.load(best, []), term.dtype)
        wins = arith.ori(are(at[count:], [0] * len(axes)), _better(lowering, better, value, before, node).value)
        memref.store(arith.select(wins, value.value, before.value), best, [])
        where = arith.select(wins, _flat(at[count:], extents[count:]), memref.load(found, []))
        memref.store(where, found, [])
        if kept:
            ends = scf.IfOp(are(at[count:], [extent - 1 for extent in extents[count:]]), [], has_else=False)
            with lowering.guarded(ends.then_block):
                sink(at[:count], Scalar(where, index))
                scf.yield_([])

    nest(extents, step)
    if not kept:
        sink([], Scalar(memref.load(found, []), index))


def _better(lowering: Lowering, operator: Operator, value: object, before: object, node: ast.AST) -> Scalar:
    """Whether an element takes the place of the best before it."""
    assert isinstance(value, Scalar), "elements are typed"
    assert isinstance(before, Scalar), "elements are typed"
    wins = operate(lowering, operator, Operand(value, node), Operand(before, node), node)
    if not is_float(value.dtype):
        return wins
    odd, known = (
        operate(lowering, kind, Operand(each, node), Operand(each, node), node).value
        for kind, each in ((Operator.NE, value), (Operator.EQ, before))
    )
    return Scalar(arith.ori(wins.value, arith.andi(odd, known)), wins.dtype)


def _flat(at: Position, extents: Sequence[int]) -> ir.Value:
    """A position counted in C order."""
    flat = at[0]
    for position, extent in zip(at[1:], extents[1:], strict=True):
        flat = arith.addi(arith.muli(flat, constant(index, extent), **NSW), position, **NSW)
    return flat
