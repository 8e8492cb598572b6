"""Constant arrays of the program."""

import math
from collections.abc import Iterator, Sequence

from spatial.ir.dtypes import parse_type
from spatial.ir.location import name_of
from spatial.ir.mlir import memref
from spatial.ir.tables import table_values
from spatial.lower.hls.emit.body import Body, Place
from spatial.lower.hls.emit.kinds import Point, Real, Whole
from spatial.lower.hls.emit.points import assigned
from spatial.lower.hls.emit.reals import real_constant
from spatial.lower.hls.emit.terms import literal
from spatial.lower.hls.emit.types import cpp_type, held_kind, of_storage
from spatial.types.bits import to_bits
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["stored_value", "table"]

LINE = 100  # characters


def table(body: Body, op: memref.GetGlobalOp) -> None:
    """A constant array, declared once at the top of the function."""
    symbol = op.attributes["name"].value
    if symbol not in body.tables:
        declaration = next(each for each in _globals(body) if each.sym_name.value == symbol)
        name = body.names.fresh_everywhere(name_of(op.location) or "table")
        type_ = parse_type(declaration.attributes["df.type"].value)
        assert isinstance(type_, TensorType)
        body.tables[symbol] = Place(name=name, type=type_, lasting=True)
        extents = "".join(f"[{extent}]" for extent in type_.shape)
        values = [stored_value(value, type_.element, body.helpers) for value in table_values(declaration)]
        body.early += _wrapped(
            f"static const {cpp_type(type_.element)} {name}{extents} = {_braced(values, type_.shape)};"
        )
    body.places[op.result] = body.tables[symbol]


def _globals(body: Body) -> Iterator[memref.GlobalOp]:
    module = body.function.operation.parent
    for op in module.regions[0].blocks[0].operations:
        if isinstance(op, memref.GlobalOp):
            yield op


def stored_value(value: float, dtype: DType, helpers: set[str]) -> str:
    """A value as it lies in memory, a number in fixed point given by its units."""
    kind = held_kind(dtype)
    if isinstance(kind, Point):
        return assigned(literal(int(value)), kind, helpers).text
    if isinstance(kind, Real):
        kept = of_storage(kind)
        return literal(to_bits(value, dtype)).text if isinstance(kept, Whole) else real_constant(value, kind).text
    return literal(int(value)).text


def _braced(values: Sequence[str], shape: Sequence[int]) -> str:
    if len(shape) == 1:
        return f"{{{', '.join(values)}}}"
    part = math.prod(shape[1:])
    rows = (_braced(values[at : at + part], shape[1:]) for at in range(0, len(values), part))
    return f"{{{', '.join(rows)}}}"


def _wrapped(text: str) -> list[str]:
    """A long declaration on several lines."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= LINE:
            lines.append("    ")
        lines[-1] += word if not lines[-1].strip() else f" {word}"
    return lines
