"""What the indices of a function range over, as far as its text tells."""

from collections.abc import Iterator, Mapping

from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir, scf

__all__ = ["index_ranges"]

Range = tuple[int, int]


def index_ranges(function: func.FuncOp) -> Mapping[ir.Value, Range]:
    """The least and the greatest value of each index that is known to have both."""
    ranges: dict[ir.Value, Range] = {}
    for op in operations(function.entry_block):
        ranges.update(_ranges_of(op, ranges))
    return ranges


def _ranges_of(op: ir.OpView, known: Mapping[ir.Value, Range]) -> Iterator[tuple[ir.Value, Range]]:
    if "df.range" in op.attributes:
        low, high = (bound.value for bound in op.attributes["df.range"])
        yield op.results[0], (low, high)
    match op:
        case arith.ConstantOp() if isinstance(op.result.type, ir.IndexType):
            value = int(op.attributes["value"].value)
            yield op.result, (value, value)
        case scf.ForOp():
            bounds = [known[operand][0] for operand in list(op.operands)[:3] if operand in known]
            exact = all(known[operand][0] == known[operand][1] for operand in list(op.operands)[:3] if operand in known)
            if len(bounds) == 3 and exact and (values := range(*bounds)):
                yield op.induction_variable, (values[0], values[-1])
