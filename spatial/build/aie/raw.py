"""Arrays whose elements NumPy has no numbers for, as the integers that stand for them in the memory of an NPU."""

import numpy as np
from numpy.typing import NDArray

from spatial.lower.aie.emit.storage import bytes_of
from spatial.types.dtype import DType, Fixed, Struct, is_signed
from spatial.types.rounding import wrap
from spatial.types.values import from_values, to_values

__all__ = ["from_raw", "to_raw"]

Array = NDArray[np.generic]


def to_raw(array: Array, dtype: DType) -> Array:
    """Fixed point and structs as integers of 8, 16, 32 or 64 bits; any other array itself.

    Raises `ValueError`, naming the first index and value, where an element is not a value of `dtype`.
    """
    if not isinstance(dtype, Fixed | Struct):
        return array
    kind = np.dtype(f"{'i' if is_signed(dtype) else 'u'}{bytes_of(dtype)}")
    return np.array([int(value) for value in to_values(array, dtype)], dtype=kind).reshape(array.shape)


def from_raw(array: Array, dtype: DType) -> Array:
    """The numbers and structs that integers stand for; any other array itself."""
    if not isinstance(dtype, Fixed | Struct):
        return array
    values = [wrap(dtype.bits, is_signed(dtype), int(value)) for value in array.reshape(-1).tolist()]
    return from_values(values, dtype, array.shape)
