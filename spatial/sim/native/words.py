"""Between the engine's values and the memory of the native engine."""

import ctypes
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from spatial.sim.numbers import Numbers, is_plain
from spatial.types.dtype import DType, float32, is_float
from spatial.types.tensor import TensorType, element_of, size_of
from spatial.types.values import numpy_dtype

__all__ = [
    "argument_words",
    "memory_at",
    "packed",
    "packed_token",
    "payload_words",
    "unpacked",
    "unpacked_token",
    "values_in",
]

Array = npt.NDArray[np.generic]
WORD = 64
INTEGERS: Mapping[int, np.dtype[np.generic]] = {
    8: np.dtype(np.int8),
    16: np.dtype(np.int16),
    32: np.dtype(np.int32),
    64: np.dtype(np.int64),
}


def packed(values: Sequence[object], dtype: DType) -> Array:
    """Values one after the other as the memory holds them; one of more than 64 bits takes several elements."""
    if is_float(dtype):
        with np.errstate(invalid="ignore"):
            narrowed: Array = np.array(values, np.float64).astype(_held(dtype))
        return narrowed
    if dtype.bits > WORD:
        size = _bytes_of(dtype)
        data = b"".join(_integer(value).to_bytes(size, "little", signed=True) for value in values)
        return np.frombuffer(data, np.int64).copy()
    return np.array(values, _held(dtype))


def unpacked(memory: Array, dtype: DType) -> list[object]:
    """The values that lie in memory."""
    if is_float(dtype):
        reals: list[object] = memory.astype(np.float64).tolist()
        return reals
    if dtype.bits > WORD:
        size = _bytes_of(dtype)
        data = memory.tobytes()
        return [int.from_bytes(data[at : at + size], "little", signed=True) for at in range(0, len(data), size)]
    values: list[object] = memory.tolist()
    return values


def values_in(memory: Array, dtype: DType) -> Sequence[object]:
    """The values that lie in memory, in that memory if NumPy knows them as they are."""
    return Numbers(memory) if is_plain(dtype) else unpacked(memory, dtype)


def payload_words(type_: DType | TensorType) -> int:
    """The words that a token takes in the ring of its own; 0 where it is a number that lies in its slot."""
    inside = not isinstance(type_, TensorType) and type_.bits <= WORD
    return 0 if inside else -(-_bytes_of(type_) // 8)


def packed_token(token: object, type_: DType | TensorType) -> Array:
    """A token as the memory holds it: a number, or the elements of a block."""
    return packed(token if isinstance(token, tuple) else (token,), element_of(type_))


def unpacked_token(words: npt.NDArray[np.int64], type_: DType | TensorType) -> object:
    """The token that lies in words."""
    dtype = element_of(type_)
    values = unpacked(np.frombuffer(words.tobytes()[: _bytes_of(type_)], _held(dtype)), dtype)
    return tuple(values) if isinstance(type_, TensorType) else values[0]


def memory_at(address: int, type_: TensorType) -> Array:
    """The memory of a block's elements at an address; whoever owns it keeps it."""
    return np.frombuffer(memoryview((ctypes.c_char * _bytes_of(type_)).from_address(address)), _held(type_.element))


def argument_words(values: Sequence[object], type_: DType | TensorType) -> list[Sequence[int]]:
    """Numbers as actors hold them, word after word, each of all numbers; a narrow float is one of 32 bits there."""
    dtype = element_of(type_)
    if not is_float(dtype) and dtype.bits <= WORD:
        return [[_integer(value) for value in values]]
    if is_float(dtype) and dtype.bits < float32.bits:
        dtype = float32
    data = [packed((value,), dtype).tobytes() for value in values]
    return [
        [int.from_bytes(each[at : at + 8], "little", signed=True) for each in data] for at in range(0, len(data[0]), 8)
    ]


def _held(dtype: DType) -> np.dtype[np.generic]:
    """The elements that memory is made of."""
    if is_float(dtype):
        return numpy_dtype(dtype)
    return next((held for bits, held in INTEGERS.items() if bits >= dtype.bits), INTEGERS[WORD])


def _bytes_of(type_: DType | TensorType) -> int:
    dtype = element_of(type_)
    return size_of(type_) * (_held(dtype).itemsize if dtype.bits <= WORD else -(-dtype.bits // WORD) * 8)


def _integer(value: object) -> int:
    assert isinstance(value, int)
    return value
