"""Builds the operations that tell the user something."""

from collections.abc import Sequence

from spatial.ir.dialect import AssertOp, PrintOp, TextOp, TextType
from spatial.ir.mlir import ir

__all__ = ["check", "say", "text_of"]


def text_of(value: ir.Value, dtype: str, conversion: str, form: str) -> ir.Value:
    """Builds a `TextOp` at the insertion point."""
    parts = {"dtype": dtype, "conversion": conversion, "form": form}
    attributes = {name: ir.StringAttr.get(part) for name, part in parts.items()}
    made = ir.Operation.create(TextOp.OPERATION_NAME, results=[TextType.get()], operands=[value], attributes=attributes)
    return made.results[0]


def say(pieces: Sequence[str | ir.Value], end: str) -> None:
    """Builds a `PrintOp` at the insertion point."""
    texts, attribute = _pieces(pieces)
    attributes = {"pieces": attribute, "end": ir.StringAttr.get(end)}
    ir.Operation.create(PrintOp.OPERATION_NAME, operands=texts, attributes=attributes)


def check(condition: ir.Value, pieces: Sequence[str | ir.Value]) -> None:
    """Builds an `AssertOp` at the insertion point."""
    texts, attribute = _pieces(pieces)
    ir.Operation.create(AssertOp.OPERATION_NAME, operands=[condition, *texts], attributes={"pieces": attribute})


def _pieces(pieces: Sequence[str | ir.Value]) -> tuple[list[ir.Value], ir.ArrayAttr]:
    attributes = [ir.StringAttr.get(piece) if isinstance(piece, str) else ir.UnitAttr.get() for piece in pieces]
    return [piece for piece in pieces if not isinstance(piece, str)], ir.ArrayAttr.get(attributes)
