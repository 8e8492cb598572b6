"""Writes out what called functions do where they are called."""

import itertools

from spatial.analysis.loops import is_loop
from spatial.ir.calls import callee_of, callees
from spatial.ir.function import kernels, operations
from spatial.ir.mlir import func, ir, memref
from spatial.schedule.copying import Values, clone, rename
from spatial.schedule.naming import loop_name, names_of

__all__ = ["calls_in", "inline", "write_out", "write_out_all"]


def calls_in(function: func.FuncOp) -> list[func.CallOp]:
    """The calls of kept functions in a function, in the order of the text; not those that start kernels."""
    calls = (op for op in operations(function.entry_block) if isinstance(op, func.CallOp))
    return [op for op in calls if not callee_of(op).is_external]


def write_out_all(module: ir.Module) -> None:
    """Writes out all calls, also those in called functions, which are no more then."""
    for function in kernels(module):
        _write_out_calls(function)
    for callee in callees(module):
        callee.operation.erase()


def _write_out_calls(function: func.FuncOp) -> None:
    while calls := calls_in(function):
        for call in calls:
            write_out(function, call)


def inline(module: ir.Module, callee: func.FuncOp) -> None:
    """Writes out all calls of one function, which is no more then."""
    for function in (*kernels(module), *callees(module)):
        for call in calls_in(function):
            if call.callee.value == callee.name.value:
                write_out(function, call)
    callee.operation.erase()


def write_out(function: func.FuncOp, call: func.CallOp) -> None:
    """Writes out a call; memory is the function's then, loops and memory are called `gemm.i`, after the callee."""
    callee = callee_of(call)
    values: Values = dict(zip(callee.arguments, call.operands, strict=True))
    *body, _ = callee.entry_block.operations
    memory = [op for op in body if isinstance(op, memref.AllocaOp)]
    taken = set(names_of(function))
    with _behind_memory(function):
        made = clone(memory, values)
    with ir.InsertionPoint(call):
        made += clone([op for op in body if op not in memory], values)
    call.operation.erase()
    for op in (each for outer in made for each in _within(outer)):
        _name(op, callee.attributes["df.callee"].value, taken)


def _behind_memory(function: func.FuncOp) -> ir.InsertionPoint:
    entry = function.entry_block
    memory = [op for op in entry.operations if isinstance(op, memref.AllocaOp)]
    return ir.InsertionPoint.after(memory[-1]) if memory else ir.InsertionPoint.at_block_begin(entry)


def _within(op: ir.OpView) -> list[ir.OpView]:
    return [op, *(each for region in op.regions for block in region.blocks for each in operations(block))]


def _name(op: ir.OpView, callee: str, taken: set[str]) -> None:
    if "df.name" not in op.attributes or not (is_loop(op) or isinstance(op, memref.AllocaOp)):
        return
    wanted = f"{callee}.{loop_name(op)}"
    name = next(each for n in itertools.count() if (each := f"{wanted}_{n}" if n else wanted) not in taken)
    taken.add(name)
    if is_loop(op):
        rename(op, name)
    else:
        op.attributes["df.name"] = ir.StringAttr.get(name)
