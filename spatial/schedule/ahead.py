"""Moves what a branch loads and computes ahead of it."""

from collections.abc import Iterator

from spatial.analysis.pipelining.apart import always_inside
from spatial.analysis.pipelining.places import sum_of
from spatial.ir.dialect import BitOp, ToIntegerOp
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.ir.mlir import math as mlir_math
from spatial.schedule.copying import is_pure, statements

__all__ = ["ARITHMETIC", "REMOVABLE", "put_ahead"]


def _kinds(dialect: object) -> tuple[type[ir.OpView], ...]:
    """The operations of a dialect."""
    found = (kind for kind in vars(dialect).values() if isinstance(kind, type) and issubclass(kind, ir.OpView))
    return tuple(kind for kind in found if kind is not ir.OpView)


ARITHMETIC = (*_kinds(arith), *_kinds(mlir_math), BitOp, ToIntegerOp)
REMOVABLE = (*ARITHMETIC, memref.LoadOp)
FAILING = (
    arith.DivSIOp,
    arith.DivUIOp,
    arith.RemSIOp,
    arith.RemUIOp,
    arith.FloorDivSIOp,
    arith.CeilDivSIOp,
    arith.CeilDivUIOp,
)
"""What must not be given just any numbers."""


def put_ahead(branch: scf.IfOp) -> list[ir.OpView]:
    """Moves what a branch without another side loads and computes before it; what was moved, in order.

    A load is moved from before what the branch stores, of an element that there surely is; of arithmetic nothing that
    may fail.
    """
    if len(branch.results) or len(list(branch.regions[1].blocks)):
        return []
    for op in statements(branch.then_block):
        if isinstance(op, scf.IfOp):
            put_ahead(op)
    moved = list(_movable(branch))
    for op in moved:
        op.operation.move_before(branch.operation)
    return moved


def _movable(branch: scf.IfOp) -> Iterator[ir.OpView]:
    staying: set[ir.Operation] = set()
    first = True
    for op in statements(branch.then_block):
        needed = {value.owner for value in op.operands if not isinstance(value.owner, ir.Block)}
        loads = isinstance(op, memref.LoadOp)
        if needed.isdisjoint(staying) and ((loads and first and _surely_there(op)) or (not loads and _harmless(op))):
            yield op
            continue
        staying.add(op.operation)
        first = first and (loads or _harmless(op))


def _harmless(op: ir.OpView) -> bool:
    return (is_pure(op) or isinstance(op, ARITHMETIC)) and not isinstance(op, FAILING)


def _surely_there(op: memref.LoadOp) -> bool:
    return all(always_inside(sum_of(at), extent) for at, extent in zip(op.indices, op.memref.type.shape, strict=True))
