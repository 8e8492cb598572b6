"""Builds and reads calls of functions that are written in C++."""

from collections.abc import Sequence

from spatial.ir.dialect import ByReferenceOp, ByValueOp, ExternalOp, PassedType
from spatial.ir.mlir import ir

__all__ = [
    "by_reference",
    "by_value",
    "call_dataflow",
    "call_external",
    "has_reference",
    "is_dataflow",
    "is_timed",
    "overlap_fault",
]

DATAFLOW = "df.dataflow"  # of a call: that what it calls is made of actors


def by_value(value: ir.Value, dtype: str) -> ir.Value:
    """Builds a `ByValueOp` at the insertion point."""
    return ByValueOp(ir.StringAttr.get(dtype), value, PassedType.get()).passed


def by_reference(memory: ir.Value, first: ir.Value, dtype: str, direction: str) -> ir.Value:
    """Builds a `ByReferenceOp` at the insertion point."""
    text = ir.StringAttr.get
    return ByReferenceOp(text(dtype), text(direction), memory, first, PassedType.get()).passed


def call_external(
    values: Sequence[ir.Value],
    *,
    symbol: str,
    source: str,
    object_file: str,
    include: Sequence[str],
    flags: Sequence[str],
    cycles: int,
) -> ir.Operation:
    """Builds an `ExternalOp` with an empty body at the insertion point."""
    attributes = {
        "symbol": ir.StringAttr.get(symbol),
        "source": ir.StringAttr.get(source),
        "object": ir.StringAttr.get(object_file),
        "include": ir.ArrayAttr.get([ir.StringAttr.get(folder) for folder in include]),
        "flags": ir.ArrayAttr.get([ir.StringAttr.get(flag) for flag in flags]),
        "cycles": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), cycles),
    }
    return ir.Operation.create(
        ExternalOp.OPERATION_NAME, operands=list(values), attributes=attributes, regions=1
    ).operation


def call_dataflow(values: Sequence[ir.Value], name: str) -> None:
    """Builds, at the insertion point, a call of a dataflow function that is made of other actors of the program.

    It is given arrays by reference, and cells of numbers as well.
    """
    made = call_external(values, symbol=name, source="", object_file="", include=(), flags=(), cycles=1)
    made.attributes[DATAFLOW] = ir.UnitAttr.get()


def is_dataflow(op: ir.OpView) -> bool:
    """Whether an operation calls a dataflow function of the program's own."""
    return isinstance(op, ExternalOp) and DATAFLOW in op.attributes


def has_reference(op: ExternalOp) -> bool:
    """Whether the language itself can do what the function does."""
    return len(op.regions[0].blocks) > 0


def overlap_fault(symbol: str) -> str:
    """What is told where a function is given an element twice, and writes it: C++ may keep in registers what it does
    not see change.
    """
    return f"`{symbol}` writes an element that it is also given as another argument"


def is_timed(op: ir.OpView) -> bool:
    """Whether an operation takes a number of cycles of its own."""
    return isinstance(op, ExternalOp) and op.cycles.value > 0
