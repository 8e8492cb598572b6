"""Numbers of the engine's kept in NumPy's memory."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from spatial.types.dtype import DType, Int, UInt, float32, float64, is_float
from spatial.types.values import numpy_dtype, with_one_nan

__all__ = ["Numbers", "is_plain", "numbers_of"]

Array = npt.NDArray[Any]
WIDTHS: Mapping[int, np.dtype[np.generic]] = {
    8: np.dtype(np.int8),
    16: np.dtype(np.int16),
    32: np.dtype(np.int32),
    64: np.dtype(np.int64),
}


class Numbers(Sequence[object]):
    """A flat array that reads as the engine's values do: Python's numbers, every integer as two's complement."""

    __slots__ = ("array",)

    def __init__(self, array: Array) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, index: int) -> object: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[object]: ...
    def __getitem__(self, index: int | slice) -> object:
        return self.array[index].tolist()

    def __iter__(self) -> Iterator[object]:
        return iter(self.array.tolist())

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> Array:
        found: Array = np.asarray(self.array, dtype=dtype)
        return found.copy() if copy else found

    def shaped(self, dtype: DType, shape: tuple[int, ...]) -> Array:
        """The same memory as the user knows it; a copy where it has a NaN."""
        known: Array = self.array.view(numpy_dtype(dtype))
        return with_one_nan(known, dtype).reshape(shape)

    def copied(self) -> "Numbers":
        """The same in memory of its own."""
        return Numbers(self.array.copy())


def is_plain(dtype: DType) -> bool:
    """Whether NumPy keeps values of a type as the native engine does, but for the sign of integers."""
    match dtype:
        case Int(width) | UInt(width):
            return width in WIDTHS
    return dtype in (float32, float64)


def numbers_of(array: Array, dtype: DType) -> Numbers | None:
    """The elements of an array in C order, in its own memory if they lie so; None where they need converting."""
    if not is_plain(dtype) or array.dtype != numpy_dtype(dtype):
        return None
    flat = np.require(array, requirements=["C", "A"]).reshape(-1)
    return Numbers(flat if is_float(dtype) else flat.view(WIDTHS[dtype.bits]))
