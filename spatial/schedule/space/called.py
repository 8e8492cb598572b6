"""Writes out the calls of a function, and keeps which operations belong to which."""

from spatial.ir.calls import callees
from spatial.ir.function import kernels
from spatial.ir.mlir import func, ir
from spatial.schedule.calls.writing import calls_in, write_out
from spatial.schedule.copying import is_inside, statements

__all__ = ["write_out_calls"]


def write_out_calls(module: ir.Module, function: func.FuncOp) -> dict[ir.Operation, str]:
    """Writes out all that a function calls; for each operation of its body that a call there became, the callee.

    Functions that nobody calls any more are no more.
    """
    found: dict[ir.Operation, str] = {}
    for call in statements(function.entry_block):
        if isinstance(call, func.CallOp):
            callee = call.callee.value
            found.update(dict.fromkeys(_written(function, call), callee))
    while calls := calls_in(function):
        for call in calls:
            write_out(function, call)
    used = {call.callee.value for other in (*kernels(module), *callees(module)) for call in calls_in(other)}
    for callee in callees(module):
        if callee.name.value not in used:
            callee.operation.erase()
    return found


def _written(function: func.FuncOp, call: func.CallOp) -> set[ir.Operation]:
    """The operations of a function's body that a call becomes, with what it calls."""
    before = {op.operation for op in statements(function.entry_block)}
    write_out(function, call)
    made = {op.operation for op in statements(function.entry_block)} - before
    while calls := [each for each in calls_in(function) if _belongs(each, made)]:
        for each in calls:
            write_out(function, each)
        made = {op.operation for op in statements(function.entry_block)} - before
    return made


def _belongs(call: func.CallOp, made: set[ir.Operation]) -> bool:
    return call.operation in made or any(is_inside(call.operation, op) for op in made)
