"""What loops and buffers of a function are called."""

import itertools

from spatial.analysis.loops import is_loop
from spatial.ir.function import operations, parameters
from spatial.ir.mlir import func, ir, memref

__all__ = ["buffers_of", "fresh_name", "loop_name", "loops_of", "names_of"]


def names_of(function: func.FuncOp) -> dict[str, ir.OpView | ir.Value]:
    """All that has a name: arrays and cells, then loops."""
    return {**buffers_of(function), **{loop_name(loop): loop for loop in loops_of(function)}}


def loops_of(function: func.FuncOp) -> list[ir.OpView]:
    """The loops of a function, in the order of the text."""
    return [op for op in operations(function.entry_block) if is_loop(op) and "df.name" in op.attributes]


def loop_name(loop: ir.OpView) -> str:
    """What a schedule calls a loop."""
    return str(loop.attributes["df.name"].value) if "df.name" in loop.attributes else "for"


def buffers_of(function: func.FuncOp) -> dict[str, ir.Value]:
    """The arrays and cells of a function: its parameters, then its locals."""
    given = zip(parameters(function), function.arguments, strict=True)
    found = {parameter.name: value for parameter, value in given if isinstance(value.type, ir.MemRefType)}
    locals_ = [op for op in operations(function.entry_block) if isinstance(op, memref.AllocaOp)]
    return {**found, **{op.attributes["df.name"].value: op.result for op in locals_}}


def fresh_name(function: func.FuncOp, wanted: str) -> str:
    """The name, numbered where something of the function has it already."""
    taken = names_of(function)
    return next(other for n in itertools.count() if (other := f"{wanted}_{n}" if n else wanted) not in taken)
