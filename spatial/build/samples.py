"""Random data for a program: the same for the same seed, on every machine."""

import zlib

import numpy as np

from spatial.analysis.sharing import ArrayUse
from spatial.types.bits import to_bits
from spatial.types.dtype import Bool, DType, Fixed, Float, Index, Int, Struct, UInt, is_signed
from spatial.types.rounding import limits
from spatial.types.tensor import TensorType
from spatial.types.values import from_values

__all__ = ["Array", "initial_array", "random_array", "seeded"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]

SMALL = 16
MODEST = 1000


def random_array(type_: TensorType, generator: np.random.Generator) -> Array:
    """Values of the type: small integers over their full range, wider ones up to 1000, floats in [-1, 1)."""
    values = _random(type_.element, type_.size, generator)
    return from_values(values, type_.element, type_.shape)


def initial_array(name: str, type_: TensorType, use: ArrayUse, seed: int) -> Array:
    """What an array begins with: random values where an actor reads it, else zeros."""
    if not use.readers:
        return from_values([0] * type_.size, type_.element, type_.shape)
    return random_array(type_, seeded(name, seed))


def seeded(name: str, seed: int) -> np.random.Generator:
    """A generator for what has a name: giving one array leaves the others as they are."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _random(dtype: DType, size: int, generator: np.random.Generator) -> list[int] | list[float]:
    match dtype:
        case Float():
            steps = 1 << min(dtype.precision, 24)
            return [step / steps for step in generator.integers(-steps, steps, size).tolist()]
        case Index():
            least, greatest = 0, 7
        case Bool():
            least, greatest = 0, 1
        case Struct():
            return _packed(dtype, size, generator)
        case Int() | UInt() | Fixed():
            least, greatest = limits(min(dtype.bits, SMALL), is_signed(dtype))
            if dtype.bits > SMALL:
                least, greatest = max(least, -MODEST), MODEST
    return [int(value) for value in generator.integers(least, greatest, size, endpoint=True).tolist()]


def _packed(dtype: Struct, size: int, generator: np.random.Generator) -> list[int]:
    """Structs of such values."""
    words, offset = [0] * size, 0
    for _, field in dtype.fields:
        values = _random(field, size, generator)
        words = [word | to_bits(value, field) << offset for word, value in zip(words, values, strict=True)]
        offset += field.bits
    return words
