"""Values of a type that are worth trying."""

import functools
import math
from collections.abc import Callable, Mapping

import numpy as np

from spatial.types.bits import from_bits, to_bits
from spatial.types.conversion import Value
from spatial.types.dtype import Bool, DType, Fixed, Float, Index, Int, Struct, UInt, is_signed
from spatial.types.rounding import limits, round_to

__all__ = ["FLAVOURS", "MIXED", "edges", "pool"]

SMALL = 8
MIXED = "mixed"


def pool(dtype: DType, flavour: str, count: int, generator: np.random.Generator) -> list[Value]:
    """So many values of a type, of one of the `FLAVOURS`."""
    return FLAVOURS[flavour](dtype, count, generator)


def edges(dtype: DType) -> list[Value]:
    """Where operations go wrong first: zero, one, the limits and what lies beside them.

    Of floats: both zeros, the least and the greatest subnormal and normal number, infinities, NaN, the first whole
    number whose successor is missing.
    """
    match dtype:
        case Float():
            return _float_edges(dtype)
        case Bool():
            return [0, 1]
        case Index():
            return [0, 1, 2, 3, SMALL - 1]
        case Struct():
            return [_packed(dtype, functools.partial(_edge, which)) for which in range(SMALL)]
        case Int() | UInt() | Fixed():
            return _integer_edges(dtype.bits, signed=is_signed(dtype))


def _edge(which: int, dtype: DType) -> Value:
    known = edges(dtype)
    return known[which % len(known)]


def _integer_edges(bits: int, *, signed: bool) -> list[Value]:
    least, greatest = limits(bits, signed)
    half = 1 << bits // 2
    third = greatest // 3
    wanted = (0, 1, -1, greatest, least, greatest - 1, least + 1, half, half - 1, -half, third, 2 * third)
    return list(dict.fromkeys(value for value in wanted if least <= value <= greatest))


def _float_edges(dtype: Float) -> list[Value]:
    """All as bits, for the least numbers are those with the least bits."""
    fraction = dtype.precision - 1
    infinite = (1 << dtype.exponent_bits) - 1 << fraction
    greatest = (infinite | (1 << fraction) - 1) - 1 if dtype.finite else infinite - 1
    magnitudes = (1, (1 << fraction) - 1, 1 << fraction, greatest)
    found = [from_bits(bits | sign, dtype) for bits in magnitudes for sign in (0, 1 << dtype.bits - 1)]
    plain = (1.0, -1.0, 0.5, 3.0, 1.0 + 2.0**-fraction, 2.0**dtype.precision, -(2.0**dtype.precision))
    beyond = () if dtype.finite else (math.inf, -math.inf)
    return [0.0, -0.0, *(round_to(dtype, value) for value in plain), *found, *beyond, math.nan]


def _zeros(dtype: DType, count: int, generator: np.random.Generator) -> list[Value]:
    return [from_bits(0, dtype)] * count


def _ones(dtype: DType, count: int, generator: np.random.Generator) -> list[Value]:
    match dtype:
        case Float():
            return [1.0] * count
        case Struct():
            return [_packed(dtype, lambda field: _ones(field, 1, generator)[0])] * count
    return [from_bits(1, dtype)] * count


def _edges(dtype: DType, count: int, generator: np.random.Generator) -> list[Value]:
    known = edges(dtype)
    return [known[which] for which in generator.integers(len(known), size=count).tolist()]


def _small(dtype: DType, count: int, generator: np.random.Generator) -> list[Value]:
    """Small whole numbers, which no sum of a few rounds."""
    match dtype:
        case Struct():
            return _structs(dtype, count, generator, _small)
        case Float():
            return [float(each) for each in generator.integers(-SMALL, SMALL, count, endpoint=True).tolist()]
        case Index():
            least, greatest = 0, SMALL - 1
        case Bool():
            least, greatest = 0, 1
        case Int() | UInt() | Fixed():
            least, greatest = limits(min(dtype.bits, 4), is_signed(dtype))
    return [int(each) for each in generator.integers(least, greatest, count, endpoint=True).tolist()]


def _wide(dtype: DType, count: int, generator: np.random.Generator) -> list[Value]:
    """Integers over their full range; floats in [-1, 1)."""
    match dtype:
        case Struct():
            return _structs(dtype, count, generator, _wide)
        case Float():
            return [round_to(dtype, each) for each in generator.uniform(-1, 1, count).tolist()]
        case Index():
            return _small(dtype, count, generator)
    return _any(dtype, count, generator)


def _any(dtype: DType, count: int, generator: np.random.Generator) -> list[Value]:
    """Any bits: among floats all exponents are equally likely, NaN among them."""
    if isinstance(dtype, Index):
        return _small(dtype, count, generator)
    each = -(-dtype.bits // 8)
    data, mask = generator.bytes(each * count), (1 << dtype.bits) - 1
    words = (int.from_bytes(data[start : start + each], "little") & mask for start in range(0, each * count, each))
    return [from_bits(word, dtype) for word in words]


def _structs(
    dtype: Struct, count: int, generator: np.random.Generator, drawn: Callable[..., list[Value]]
) -> list[Value]:
    return [_packed(dtype, lambda field: drawn(field, 1, generator)[0]) for _ in range(count)]


def _packed(dtype: Struct, value: Callable[[DType], Value]) -> int:
    """A struct of such fields, the first one lowest."""
    word, offset = 0, 0
    for _, field in dtype.fields:
        word |= to_bits(value(field), field) << offset
        offset += field.bits
    return word


FLAVOURS: Mapping[str, Callable[[DType, int, np.random.Generator], list[Value]]] = {
    "zeros": _zeros,
    "ones": _ones,
    "small": _small,
    "wide": _wide,
    "edges": _edges,
    "any": _any,
}
