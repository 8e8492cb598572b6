"""Gives kernels functions of their own, and the loops and local arrays of each names of their own."""

import itertools

from spatial.analysis.loops import is_loop
from spatial.ir.calls import callees
from spatial.ir.dialect import ActorOp
from spatial.ir.function import kernels, operations, parameters, region_function
from spatial.ir.location import name_of
from spatial.ir.mlir import func, ir, memref, scf

__all__ = ["make_unique", "separate"]


def separate(module: ir.Module) -> None:
    """Each kernel has functions of its own: one that several kernels share is copied, so that each can be changed."""
    region = region_function(module)
    functions = {function.name.value: function for function in kernels(module)}
    owners: dict[str, str] = {}
    copies: dict[tuple[str, str], str] = {}
    for op in region.entry_block.operations:
        if not isinstance(op, ActorOp):
            continue
        callee, kernel = op.callee.value, op.kernel.value
        if owners.setdefault(callee, kernel) == kernel:
            continue
        if (callee, kernel) not in copies:
            copies[callee, kernel] = _copy(functions, callee)
        op.attributes["callee"] = ir.FlatSymbolRefAttr.get(copies[callee, kernel])


def _copy(functions: dict[str, func.FuncOp], name: str) -> str:
    """A copy of a function behind it, and its symbol."""
    fresh = next(each for n in itertools.count(1) if (each := f"{name}_{n}") not in functions)
    with ir.InsertionPoint.after(functions[name].operation):
        copy = functions[name].operation.clone().opview
    copy.attributes["sym_name"] = ir.StringAttr.get(fresh)
    functions[fresh] = copy
    return fresh


def make_unique(module: ir.Module) -> None:
    """In each function no two loops, local arrays and parameters have one name; those that had are numbered."""
    for function in (*kernels(module), *callees(module)):
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
