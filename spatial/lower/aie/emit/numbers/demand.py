"""How many of the low bits of each integer are ever asked for."""

from collections.abc import Callable, Mapping

from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir, scf

__all__ = ["demands"]

LOW = (arith.AddIOp, arith.SubIOp, arith.MulIOp, arith.AndIOp, arith.OrIOp, arith.XOrIOp, arith.SelectOp)
"""Operations whose low bits depend on the same low bits of their operands alone."""

Wanted = Callable[[int, int], int]


def demands(function: func.FuncOp) -> Mapping[ir.Value, int]:
    """For each integer, the number of its low bits that any use depends on."""
    found: dict[ir.Value, int] = {}
    for op in reversed(list(operations(function.entry_block))):
        wanted = max((found.get(result, _width(result)) for result in op.results), default=0)
        given = _given_on(op)
        for number, operand in enumerate(op.operands):
            if isinstance(operand.type, ir.IntegerType):
                result = given[number] if given else None
                asked = found.get(result, _width(result)) if result is not None else _asked(op, number, wanted)
                asked = min(asked, operand.type.width)
                found[operand] = max(found.get(operand, 0), asked)
    return found


def _given_on(op: ir.OpView) -> list[ir.Value]:
    """What the operands of the end of a branch become."""
    parent = op.operation.parent.opview if isinstance(op, scf.YieldOp) else None
    return list(parent.results) if isinstance(parent, scf.IfOp) else []


def _asked(op: ir.OpView, number: int, wanted: int) -> int:
    """How many low bits an operation asks of an operand, of whose result so many are wanted."""
    whole = int(op.operands[number].type.width)
    match op:
        case arith.TruncIOp():
            return wanted
        case arith.ExtSIOp() | arith.ExtUIOp():
            return min(wanted, whole)
        case arith.SelectOp() if number == 0:
            return 1
        case arith.ShLIOp() if number == 0:
            return wanted
        case _ if isinstance(op, LOW):
            return wanted
    return whole


def _width(value: ir.Value) -> int:
    return int(value.type.width) if isinstance(value.type, ir.IntegerType) else 0
