"""Which parameters of a function may be one array."""

from collections.abc import Iterator, Sequence

from spatial.ir.dialect import ActorOp
from spatial.ir.function import operations
from spatial.ir.mlir import func, ir

__all__ = ["aliases"]


def aliases(function: func.FuncOp) -> dict[int, int]:
    """For each parameter, by its position, the first one that it may be the same array as: itself, as a rule."""
    first = {position: position for position in range(len(function.arguments))}
    for given in _given(function):
        seen: dict[object, int] = {}
        for position, what in enumerate(given):
            if what is not None:
                _join(first, seen.setdefault(what, position), position)
    return first


def _join(first: dict[int, int], one: int, other: int) -> None:
    low, high = sorted((first[one], first[other]))
    for position, least in first.items():
        if least == high:
            first[position] = low


def _given(function: func.FuncOp) -> Iterator[Sequence[object]]:
    """What each actor and each call gives for the parameters; None for values and channels."""
    parent = function.operation.parent
    if parent is None:
        return
    name = function.name.value
    for op in operations(parent.opview.body):
        match op:
            case ActorOp() if op.callee.value == name:
                arrays = [each.value for each in op.arrays]
                yield [*[None] * (len(function.arguments) - len(arrays)), *arrays]
            case func.CallOp() if op.callee.value == name:
                yield _arguments(op)


def _arguments(call: func.CallOp) -> list[object]:
    """The memory that a call gives; parameters of its own function that may be one array count as one."""
    owner = call.operation.parent
    while not isinstance(owner.opview, func.FuncOp):
        owner = owner.parent
    caller = owner.opview
    first = aliases(caller)
    known: dict[ir.Value, object] = {argument: first[number] for number, argument in enumerate(caller.arguments)}
    return [known.get(each, each) if isinstance(each.type, ir.MemRefType) else None for each in call.operands]
