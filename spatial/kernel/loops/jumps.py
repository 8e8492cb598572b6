"""Lowers what the exits of a kernel were rewritten to."""

import ast
from collections.abc import Callable, Mapping

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import memref, scf
from spatial.kernel.loops.counting import unset
from spatial.kernel.loops.exits import Exit, Reset, Unless, Unset
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Scalar, Value
from spatial.types.dtype import bool_

__all__ = ["JUMPS", "is_unset"]

BY_TABLE = "the table of statements says so"


def is_unset(lowering: Lowering, node: ast.expr) -> Value:
    """Whether an exit has not been taken."""
    assert isinstance(node, Unset), "the table of expressions says so"
    return Scalar(unset(lowering, node.flag), bool_)


def _reset(lowering: Lowering, node: ast.stmt) -> None:
    assert isinstance(node, Reset), BY_TABLE
    memref.store(constant(bool_, False), lowering.flag(node.flag), [])


def _exit(lowering: Lowering, node: ast.stmt) -> None:
    """Sets the flags; control does not get behind this, so there every local has a value."""
    assert isinstance(node, Exit), BY_TABLE
    for flag in node.flags:
        memref.store(constant(bool_, True), lowering.flag(flag), [])
    lowering.definite |= lowering.assigned.keys()


def _unless(lowering: Lowering, node: ast.stmt) -> None:
    """Where the flag is set control leaves, so what the body gives a value has one behind it."""
    assert isinstance(node, Unless), BY_TABLE
    made = scf.IfOp(lowering.truth(node.test).value, [], has_else=False)
    with lowering.guarded(made.then_block):
        lowering.body(node.body)
        scf.yield_([])


JUMPS: Mapping[type[ast.stmt], Callable[[Lowering, ast.stmt], None]] = {
    Reset: _reset,
    Exit: _exit,
    Unless: _unless,
}
