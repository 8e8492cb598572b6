"""Reads constants off the IR: the elements of a table, a single value."""

import re

import numpy as np

from spatial.ir.dtypes import parse_type
from spatial.ir.mlir import ir, memref
from spatial.types.dtype import Bool, DType, is_float
from spatial.types.rounding import wrap
from spatial.types.tensor import TensorType
from spatial.types.values import numpy_dtype

__all__ = ["attribute_value", "table_values"]

ELEMENT = re.compile(r"0x([0-9A-F]+)|(-?\d\.\d+e[+-]\d+)")


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
    elements = op.attributes["initial_value"]
    if elements.is_splat:
        return [elements.get_splat_value().value] * type_.size
    if is_float(type_.element) and type_.element.bits == 16:
        return _half_floats(str(elements), type_.element)
    if isinstance(type_.element, Bool):
        return list(elements)
    values: list[int | float] = np.array(elements).ravel().tolist()
    return values


def _half_floats(text: str, dtype: DType) -> list[int | float]:
    """The bindings do not read floats of 16 bits: their text does, in decimals, in bits, or all bits at once."""
    body = text.partition("<")[2].partition("> : ")[0]
    if body.startswith('"0x'):
        bits = np.frombuffer(bytes.fromhex(body.strip('"')[2:]), dtype="<u2")
        return [float(value) for value in bits.view(numpy_dtype(dtype))]
    return [_half_float(found[1], found[2], dtype) for found in ELEMENT.finditer(body)]


def _half_float(bits: str | None, decimals: str | None, dtype: DType) -> float:
    if decimals is not None:
        return float(decimals)
    return float(np.array(int(bits or "0", 16), dtype="<u2").view(numpy_dtype(dtype)))
