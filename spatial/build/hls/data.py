"""Arrays as the files of a design hold them: little-endian, each element in the least power of two of bytes."""

from collections.abc import Sequence

import numpy as np

from spatial.lower.hls.emit.codec import file_bytes
from spatial.sim.native.words import packed, unpacked
from spatial.sim.numbers import Numbers, is_plain
from spatial.types.dtype import Bool, DType, is_float
from spatial.types.rounding import wrap

__all__ = ["from_file", "to_file"]

WORD = 64


def to_file(values: Sequence[object], dtype: DType) -> bytes:
    """The engine's values of a type as a file holds them; integers are filled up with their sign."""
    if isinstance(values, Numbers):
        return np.ascontiguousarray(values.array).tobytes()
    if dtype.bits <= WORD:
        return packed(values, dtype).tobytes()
    size = file_bytes(dtype)
    return b"".join(value.to_bytes(size, "little", signed=True) for value in values if isinstance(value, int))


def from_file(data: bytes, dtype: DType) -> Sequence[object]:
    """The engine's values that a file holds; what lies above the bits of the type does not matter."""
    if is_plain(dtype):
        return Numbers(unpacked_array(data, dtype))
    if is_float(dtype):
        return unpacked(unpacked_array(data, dtype), dtype)
    size = file_bytes(dtype)
    numbers = (int.from_bytes(data[at : at + size], "little") for at in range(0, len(data), size))
    if isinstance(dtype, Bool):
        return [number & 1 for number in numbers]
    return [wrap(dtype.bits, True, number) for number in numbers]


def unpacked_array(data: bytes, dtype: DType) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    """A copy of data as elements of the form in which the engine holds them."""
    return np.frombuffer(bytearray(data), packed((), dtype).dtype)
