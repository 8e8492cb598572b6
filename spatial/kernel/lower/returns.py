"""Lowers `return` from within loops: what it returns is kept in memory until the function is over."""

import ast
from collections.abc import Sequence

from spatial.ir.mlir import memref
from spatial.kernel.errors import NoSuchValue
from spatial.kernel.loops.exits import ends, structured
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.results import keep
from spatial.kernel.lower.returning import Results, Returning
from spatial.kernel.lower.values import ArrayValue, Cell, Number, Scalar
from spatial.meta.plain import Inlined
from spatial.types.dtype import DType

__all__ = ["return_", "values_from_loops"]


def values_from_loops(lowering: Lowering, node: Inlined, declared: tuple[DType | None, ...]) -> list[Scalar]:
    """Lowers a function's body that returns from within loops; the values it returns.

    They have the `declared` types, else those that the first `return` gives them.
    """
    before, returning = lowering.returning, Returning(declared)
    lowering.returning = returning
    lowering.body(structured(node.body, lambda statement: [statement]))
    cells, lowering.returning = returning.cells or [], before
    if cells and not ends(node.body):
        raise _differs(lowering)
    return [Scalar(memref.load(cell.memory, []), cell.dtype) for cell in cells]


def return_(lowering: Lowering, node: ast.stmt) -> None:
    """Keeps the values of a `return`; the exit behind it ends the function."""
    assert isinstance(node, ast.Return), "the table of statements says so"
    returning = lowering.returning
    if isinstance(returning, Results):
        keep(lowering, returning, node)
        return
    if returning is None:
        title, hint = "a kernel has no value to return", "put results into a stream or an array, and write `return`"
        raise lowering.rejected(NoSuchValue(title=title, span=lowering.spans(node.value or node), hint=hint))
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] if node.value else []
    values = [_number(lowering, part) for part in parts]
    if returning.cells is None:
        returning.cells = _cells(lowering, values, parts, returning.declared)
    if len(returning.cells) != len(values):
        raise _differs(lowering)
    for cell, value, part in zip(returning.cells, values, parts, strict=True):
        memref.store(lowering.typed(value, cell.dtype, part).value, cell.memory, [])


def _number(lowering: Lowering, node: ast.expr) -> Number:
    value = lowering.operand(node)
    if isinstance(value, ArrayValue):
        title, hint = "a function returns no array from within a loop", "give it the array to write into as an argument"
        raise lowering.rejected(NoSuchValue(title=title, span=lowering.spans(node), hint=hint))
    return value


def _cells(
    lowering: Lowering, values: Sequence[Number], parts: Sequence[ast.expr], declared: tuple[DType | None, ...]
) -> list[Cell]:
    types = declared if len(declared) == len(values) else (None,) * len(values)
    cells = []
    for value, part, dtype in zip(values, parts, types, strict=True):
        kept = dtype or lowering.settled(value, part).dtype
        cells.append(Cell(lowering.allocate(kept, "returned", shown=False), kept, lowering.spans(part)))
    return cells


def _differs(lowering: Lowering) -> Exception:
    assert lowering.callee is not None, "a function that is called returns values"
    title = f"`{lowering.callee.name}` returns a different number of values on its ways"
    span = lowering.callee.closure.definition.text.name_span()
    return lowering.rejected(NoSuchValue(title=title, span=span, hint="end every way with a `return` alike"))
