"""Reads constants off the IR: the elements of a table, a single value."""

import re

import numpy as np

from spatial.ir.dtypes import parse_type
from spatial.ir.mlir import ir, memref
from spatial.types.bits import from_bits
from spatial.types.dtype import Bool, DType, Float, is_float
from spatial.types.rounding import round_to, wrap
from spatial.types.tensor import TensorType

__all__ = ["attribute_value", "table_values"]

ELEMENT = re.compile(r"0x([0-9A-F]+)|(-?\d\.\d+e[+-]\d+)|(-?\d+)")
READABLE = (8, 16, 32, 64)


def attribute_value(attribute: ir.Attribute) -> int | float:
    """A value kept as an attribute; an integer read as two's complement, one of one bit as 0 or 1."""
    value: int | float = attribute.value
    if isinstance(value, float):
        return value
    width = 64 if isinstance(attribute.type, ir.IndexType) else int(attribute.type.width)
    return int(value) & 1 if width == 1 else int(wrap(width, True, int(value)))


def table_values(op: memref.GlobalOp) -> list[int | float]:
    """The elements in C order; integers read as two's complement."""
    type_ = parse_type(op.attributes["df.type"].value)
    assert isinstance(type_, TensorType)
    elements, element = op.attributes["initial_value"], type_.element
    if elements.is_splat:
        return [elements.get_splat_value().value] * type_.size
    if isinstance(element, Bool):
        return list(elements)
    if element.bits not in READABLE or (is_float(element) and element.bits < 32):
        return [_as_read(value, element) for value in _written(str(elements), element)]
    values: list[int | float] = np.array(elements).ravel().tolist()
    return values


def _as_read(value: int | float, dtype: DType) -> int | float:
    """An element from its text; decimals are as few as tell it from its neighbours."""
    if isinstance(dtype, Float):
        return round_to(dtype, value) if isinstance(value, float) else from_bits(value, dtype)
    return wrap(dtype.bits, dtype.bits > 1, int(value))


def _written(text: str, dtype: DType) -> list[int | float]:
    """Numbers that the bindings do not read: their text does, in decimals, in bits, or all bits at once."""
    body = text.partition("<")[2].partition("> : ")[0]
    if body.startswith('"0x'):
        size, data = -(-dtype.bits // 8), bytes.fromhex(body.strip('"')[2:])
        return [int.from_bytes(data[at : at + size], "little") for at in range(0, len(data), size)]
    return [
        int(found[1], 16) if found[1] else float(found[2]) if found[2] else int(found[3])
        for found in ELEMENT.finditer(body)
    ]
