"""How many bytes tokens and locals take in the memory of a tile."""

from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of, size_of

__all__ = ["bytes_of", "element_bytes"]


def element_bytes(dtype: DType) -> int:
    """The bytes that an element takes: 1, 2, 4, 8, or more for wide types."""
    found = 1
    while found * 8 < dtype.bits:
        found *= 2
    return found


def bytes_of(type_: DType | TensorType) -> int:
    """The bytes of a number or an array."""
    return element_bytes(element_of(type_)) * size_of(type_)
