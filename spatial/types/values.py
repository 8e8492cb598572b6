"""The NumPy form of values."""

import operator
from collections.abc import Sequence
from typing import Any, SupportsIndex, assert_never

import ml_dtypes
import numpy as np
import numpy.typing as npt

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.types.bits import from_bits, nan_bits, to_bits
from spatial.types.conversion import Value
from spatial.types.dtype import (
    Bool,
    DType,
    Fixed,
    Float,
    Index,
    Int,
    Struct,
    UInt,
    bfloat16,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
    is_float,
    is_signed,
)
from spatial.types.fixed import as_number, exact, is_double
from spatial.types.rounding import limits

__all__ = ["accepts", "from_values", "numpy_dtype", "to_values", "with_one_nan", "zero"]

Array = npt.NDArray[np.generic]

_FLOATS: dict[Float, np.dtype[np.generic]] = {
    float8_e4m3fn: np.dtype(ml_dtypes.float8_e4m3fn),
    float8_e5m2: np.dtype(ml_dtypes.float8_e5m2),
    float16: np.dtype(np.float16),
    float32: np.dtype(np.float32),
    float64: np.dtype(np.float64),
    bfloat16: np.dtype(ml_dtypes.bfloat16),
}

_NARROW: dict[DType, np.dtype[np.generic]] = {Int(4): np.dtype(ml_dtypes.int4), UInt(4): np.dtype(ml_dtypes.uint4)}


def numpy_dtype(dtype: DType) -> np.dtype[np.generic]:
    """The elements of arrays that hold `dtype`.

    The type of the same name where NumPy or ml_dtypes has one; other integers in the next wider one,
    above 64 bits as Python ints (`object`); `index` as int64. Fixed point as float64 where that holds every value
    (up to 53 bits), else as `fractions.Fraction` (`object`); a struct as a structured type of its fields' forms.
    Raises `ProgramError` (api/misuse) where that is no scalar type.
    """
    if not isinstance(dtype, DType):
        title = f"`numpy_dtype` takes a type of one element, not `{dtype!r}`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint="write `sp.numpy_dtype(int32)`")])
    match dtype:
        case Float():
            return _FLOATS[dtype]
        case Bool():
            return np.dtype(np.bool_)
        case Fixed():
            return np.dtype(np.float64 if is_double(dtype) else object)
        case Struct():
            return np.dtype([(name, numpy_dtype(field)) for name, field in dtype.fields])
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

    Raises `ValueError`, naming the first index and value, where an element is not a value of `dtype`.
    """
    match dtype:
        case Float():
            with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one, which is no news to the user
                return [float(x) for x in array.astype(np.float64).ravel().tolist()]
        case Fixed():
            return _raw_values(array, dtype)
        case Struct():
            return _packed(array, dtype)
    given = array.ravel().tolist()
    least, greatest = limits(dtype.bits, is_signed(dtype))
    for position, x in enumerate(given if _holds_more(array.dtype, dtype) else ()):
        if not isinstance(x, SupportsIndex) or not least <= operator.index(x) <= greatest:
            raise ValueError(f"the element at {_place(array, position)} is {x!r}, which {dtype} cannot hold")
    return [int(x) for x in given]


def from_values(values: Sequence[Value], dtype: DType, shape: tuple[int, ...]) -> Array:
    """A new C-order array of `numpy_dtype(dtype)` from as many values of `dtype` as `shape` has elements."""
    if isinstance(dtype, Struct):
        return _unpacked(values, dtype, shape)
    if isinstance(dtype, Fixed):
        numbers = [as_number(int(value), dtype) for value in values]
        return np.array(numbers, dtype=numpy_dtype(dtype)).reshape(shape)
    through = np.dtype(np.float64) if is_float(dtype) else numpy_dtype(dtype)
    with np.errstate(invalid="ignore"):
        array: Array = np.array(values, dtype=through).astype(numpy_dtype(dtype), copy=False)
    return with_one_nan(array, dtype).reshape(shape)


def with_one_nan(array: Array, dtype: DType) -> Array:
    """The array itself, or a copy in which every NaN has the bits that `to_bits` gives: machines differ in its sign."""
    if not isinstance(dtype, Float) or not _has_nan(array):
        return array
    copied = array.copy()
    copied.view(f"u{array.itemsize}")[np.isnan(array)] = nan_bits(dtype)
    return copied


def zero(dtype: DType) -> Value:
    """The Python value of zero."""
    return 0.0 if is_float(dtype) else 0


def _has_nan(array: Array) -> bool:
    """Whether there is a NaN, found without memory of that size."""
    with np.errstate(invalid="ignore"):
        return array.size > 0 and bool(np.isnan(array.min()))


def _raw_values(array: Array, dtype: Fixed) -> list[int]:
    given = array.ravel().tolist()
    raw = [exact(x, dtype) for x in given]
    if None in raw:
        position = raw.index(None)
        told = f"the element at {_place(array, position)} is {given[position]!s}, which {dtype} does not hold exactly"
        raise ValueError(f"{told}; `sp.quantize(array, {dtype})` rounds")
    return [x for x in raw if x is not None]


def _packed(array: npt.NDArray[Any], dtype: Struct) -> list[int]:
    """The bits of every element; the first field lies lowest."""
    words, offset = [0] * array.size, 0
    for name, field in dtype.fields:
        try:
            values = to_values(array[name], field)
        except ValueError as error:
            raise ValueError(f"field `{name}`: {error}") from None
        words = [word | to_bits(value, field) << offset for word, value in zip(words, values, strict=True)]
        offset += field.bits
    return words


def _unpacked(values: Sequence[Value], dtype: Struct, shape: tuple[int, ...]) -> Array:
    array: npt.NDArray[Any] = np.zeros(shape, numpy_dtype(dtype))
    offset = 0
    for name, field in dtype.fields:
        mask = (1 << field.bits) - 1
        parts = [from_bits(int(word) >> offset & mask, field) for word in values]
        array[name] = from_values(parts, field, shape)
        offset += field.bits
    return array


def _place(array: Array, position: int) -> str:
    return f"[{', '.join(map(str, np.unravel_index(position, array.shape)))}]"


def _holds_more(given: np.dtype[np.generic], dtype: DType) -> bool:
    """Whether elements of `given` may lie outside of the integer type `dtype`."""
    if given == np.bool_ or _is_narrow(given, dtype):
        return False
    return given == np.object_ or given.itemsize * 8 > dtype.bits


def _is_narrow(given: np.dtype[np.generic], dtype: DType) -> bool:
    return dtype in _NARROW and given == _NARROW[dtype]
