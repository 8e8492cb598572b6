"""Gives the loops and local arrays of a program names of their own."""

import itertools

from spatial.analysis.loops import is_loop
from spatial.ir.function import kernels, operations, parameters
from spatial.ir.location import name_of
from spatial.ir.mlir import func, ir, memref, scf

__all__ = ["make_unique"]


def make_unique(module: ir.Module) -> None:
    """In each function no two loops, local arrays and parameters have one name; those that had are numbered."""
    for function in kernels(module):
        _in_function(function)


def _in_function(function: func.FuncOp) -> None:
    taken = {parameter.name for parameter in parameters(function)}
    for op in operations(function.entry_block):
        if isinstance(op, memref.AllocaOp) or is_loop(op):
            wanted = _wanted(op)
            name = next(each for n in itertools.count() if (each := f"{wanted}_{n}" if n else wanted) not in taken)
            taken.add(name)
            op.attributes["df.name"] = ir.StringAttr.get(name)


def _wanted(op: ir.OpView) -> str:
    """What something is called in the text; loops that nobody wrote are called after what they are."""
    if "df.name" in op.attributes:
        return str(op.attributes["df.name"].value)
    if isinstance(op, scf.ForOp):
        return name_of(op.induction_variable.location) or "loop"
    return "while" if isinstance(op, scf.WhileOp) else "local"
