"""The NumPy form of values."""

import operator
from collections.abc import Sequence
from typing import SupportsIndex, assert_never

import ml_dtypes
import numpy as np
import numpy.typing as npt

from spatial.types.conversion import Value
from spatial.types.dtype import (
    Bool,
    DType,
    Float,
    Index,
    Int,
    UInt,
    bfloat16,
    float16,
    float32,
    float64,
    is_float,
    is_signed,
)
from spatial.types.rounding import limits

__all__ = ["accepts", "from_values", "numpy_dtype", "to_values", "zero"]

Array = npt.NDArray[np.generic]

_FLOATS: dict[Float, np.dtype[np.generic]] = {
    float16: np.dtype(np.float16),
    float32: np.dtype(np.float32),
    float64: np.dtype(np.float64),
    bfloat16: np.dtype(ml_dtypes.bfloat16),
}

_NARROW: dict[DType, np.dtype[np.generic]] = {Int(4): np.dtype(ml_dtypes.int4), UInt(4): np.dtype(ml_dtypes.uint4)}


def numpy_dtype(dtype: DType) -> np.dtype[np.generic]:
    """The elements of arrays that hold `dtype`.

    The type of the same name where NumPy or ml_dtypes has one; other integers in the next wider one,
    above 64 bits as Python ints (`object`); `index` as int64.
    """
    match dtype:
        case Float():
            return _FLOATS[dtype]
        case Bool():
            return np.dtype(np.bool_)
        case Int() | UInt() | Index() if dtype.bits > 64:
            return np.dtype(object)
        case Int() | UInt() | Index():
            container = next(bits for bits in (8, 16, 32, 64) if bits >= dtype.bits)
            return np.dtype(f"{'int' if is_signed(dtype) else 'uint'}{container}")
    assert_never(dtype)


def accepts(dtype: DType, given: np.dtype[np.generic]) -> bool:
    """Whether arrays of `given` may be passed for `dtype`: its NumPy form, for 4 bits also `ml_dtypes.int4`, `uint4`.

    Byte order counts: only the machine's own is taken.
    """
    return given == numpy_dtype(dtype) or _is_narrow(given, dtype)


def to_values(array: Array, dtype: DType) -> list[int] | list[float]:
    """The elements as Python values in C order, for an array whose element type `dtype` accepts.

    Raises `ValueError`, naming the first index and value, where an element is not in the range of `dtype`.
    """
    if is_float(dtype):
        with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one, which is no news to the user
            return [float(x) for x in array.astype(np.float64).ravel().tolist()]
    given = array.ravel().tolist()
    least, greatest = limits(dtype.bits, is_signed(dtype))
    for position, x in enumerate(given if _holds_more(array.dtype, dtype) else ()):
        if not isinstance(x, SupportsIndex) or not least <= operator.index(x) <= greatest:
            place = ", ".join(map(str, np.unravel_index(position, array.shape)))
            raise ValueError(f"the element at [{place}] is {x!r}, which {dtype} cannot hold")
    return [int(x) for x in given]


def from_values(values: Sequence[Value], dtype: DType, shape: tuple[int, ...]) -> Array:
    """A new C-order array of `numpy_dtype(dtype)` from as many values of `dtype` as `shape` has elements."""
    through = np.dtype(np.float64) if is_float(dtype) else numpy_dtype(dtype)
    with np.errstate(invalid="ignore"):
        array: Array = np.array(values, dtype=through).astype(numpy_dtype(dtype), copy=False)
    return array.reshape(shape)


def zero(dtype: DType) -> Value:
    """The Python value of zero."""
    return 0.0 if is_float(dtype) else 0


def _holds_more(given: np.dtype[np.generic], dtype: DType) -> bool:
    """Whether elements of `given` may lie outside of the integer type `dtype`."""
    if given == np.bool_ or _is_narrow(given, dtype):
        return False
    return given == np.object_ or given.itemsize * 8 > dtype.bits


def _is_narrow(given: np.dtype[np.generic], dtype: DType) -> bool:
    return dtype in _NARROW and given == _NARROW[dtype]
