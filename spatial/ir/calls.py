"""Reads the calls of a schedule's program: functions of their own, which run nowhere but where they are called."""

from collections.abc import Iterator

from spatial.ir.dialect import GivenOp
from spatial.ir.mlir import func, ir

__all__ = ["MEMORY", "STARTED", "STARTS", "callee_of", "callees", "dissolve", "users"]

MEMORY = "df.memory"  # of an allocation: the memory of the module that it is
STARTED = "df.started"  # of a kernel's function: the called function that it is a part of
STARTS = "df.starts"  # of a declared function: the called function that a call of it starts


def callees(module: ir.Module) -> list[func.FuncOp]:
    """The functions that are called, in the order of the module; not those that have become kernels."""
    return [op for op in module.body.operations if "df.callee" in op.attributes and "df.kernel" not in op.attributes]


def callee_of(call: func.CallOp) -> func.FuncOp:
    """The function that is called."""
    owner = call.operation.parent
    while owner.parent is not None:
        owner = owner.parent
    name = call.callee.value
    return next(op for op in owner.regions[0].blocks[0].operations if _is_named(op, name))


def _is_named(op: ir.OpView, name: str) -> bool:
    return isinstance(op, func.FuncOp) and op.name.value == name


def users(value: ir.Value) -> Iterator[ir.OpView]:
    """The operations that use a value; where a function is given it, those that use it there."""
    for use in value.uses:
        if isinstance(use.owner, func.CallOp):
            callee = callee_of(use.owner)
            yield from () if callee.is_external else users(callee.arguments[use.operand_number])
        else:
            yield use.owner


def dissolve(op: ir.OpView) -> list[ir.OpView]:
    """Puts what a `WrittenOp` does in its place."""
    inside = list(op.regions[0].blocks[0].operations)
    for each in inside:
        if isinstance(each, GivenOp):
            each.operation.erase()
        else:
            each.operation.move_before(op)
    op.operation.erase()
    return [each for each in inside if not isinstance(each, GivenOp)]
