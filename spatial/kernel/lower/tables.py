"""Constant tables: NumPy arrays of the closure as read-only memory."""

import ast
from collections.abc import Callable

import numpy as np

from spatial.ir.arithmetic import attribute
from spatial.ir.dtypes import array_type, scalar_type
from spatial.ir.mlir import ir, memref
from spatial.kernel.errors import BadInitialValue, WrongUse
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Array
from spatial.meta.plain import Known
from spatial.types.dtype import (
    DType,
    bfloat16,
    bool_,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from spatial.types.initial import initial_values
from spatial.types.tensor import TensorType
from spatial.types.values import numpy_dtype, to_values

__all__ = ["is_table", "table", "typed_table"]

READ_ONLY = "compile-time values are read-only"
NumPyArray = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
INTEGERS = (int8, int16, int32, int64, uint8, uint16, uint32, uint64)
BY_NUMPY: dict[np.dtype[np.generic], DType] = {
    numpy_dtype(dtype): dtype
    for dtype in (*INTEGERS, bool_, float8_e4m3fn, float8_e5m2, float16, bfloat16, float32, float64)
}


def table(lowering: Lowering, value: object, node: ast.expr) -> Array:
    """The array a compile-time NumPy value becomes; equal values share one table."""
    array = np.asarray(value)
    dtype = BY_NUMPY.get(array.dtype)
    if dtype is None or array.ndim == 0 or array.size == 0:
        title = f"a NumPy array of type `{array.dtype}` and shape {list(array.shape)} cannot be a table"
        hint = "convert it, as in `table.astype(np.int32)`" if dtype is None else ""
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    name = ast.unparse(node.written) if isinstance(node, Known) else "a table"
    type_ = TensorType(dtype, array.shape)
    symbol = lowering.tables.setdefault(
        (str(type_), array.tobytes()),
        f"table.{len(lowering.tables)}",  # no kernel's name has a dot
    )
    _declare(lowering, symbol, type_, lambda: _elements(type_, array))
    memory = memref.get_global(array_type(type_), symbol)
    return Array(name, memory, type_, lowering.spans(node), constant=READ_ONLY)


def is_table(array: NumPyArray) -> bool:
    """Whether the type of an array is one that a table can have as it is."""
    return array.dtype in BY_NUMPY


def typed_table(lowering: Lowering, given: object, type_: TensorType, node: Known) -> Array:
    """The table of a declared type that a compile-time list or array becomes."""
    try:
        values = initial_values(given, type_)
    except ValueError as error:
        problem = BadInitialValue(name=str(type_), told=str(error), span=lowering.spans(node))
        raise lowering.rejected(problem) from None
    values *= type_.size // len(values)
    key = (str(type_), tuple(map(repr, values)))  # 0.0 and -0.0 are equal, but not the same
    symbol = lowering.tables.setdefault(key, f"table.{len(lowering.tables)}")
    kind = ir.RankedTensorType.get(list(type_.shape), scalar_type(type_.element))
    elements = [attribute(type_.element, value) for value in values]
    _declare(lowering, symbol, type_, lambda: ir.DenseElementsAttr.get(elements, kind))
    memory = memref.get_global(array_type(type_), symbol)
    return Array(ast.unparse(node.written), memory, type_, lowering.spans(node), constant=READ_ONLY)


def _declare(lowering: Lowering, symbol: str, type_: TensorType, elements: Callable[[], ir.Attribute]) -> None:
    body = lowering.entry.owner.operation.block
    if any(isinstance(op, memref.GlobalOp) and op.sym_name.value == symbol for op in body.operations):
        return
    with ir.InsertionPoint.at_block_begin(body):
        memref.GlobalOp(
            symbol,
            array_type(type_),
            sym_visibility="private",
            initial_value=elements(),
            constant=True,
        ).attributes["df.type"] = ir.StringAttr.get(str(type_))


def _elements(type_: TensorType, array: NumPyArray) -> ir.Attribute:
    """The elements as an attribute; the bindings take most types at once, integers without a sign."""
    if type_.element in (*INTEGERS, float32, float64):
        signless = array.view(array.dtype.str.replace("u", "i")) if array.dtype.kind == "u" else array
        return ir.DenseElementsAttr.get(np.ascontiguousarray(signless))
    elements = [attribute(type_.element, value) for value in to_values(array, type_.element)]
    return ir.DenseElementsAttr.get(elements, ir.RankedTensorType.get(list(type_.shape), scalar_type(type_.element)))
