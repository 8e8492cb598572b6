"""Between the user's arrays and the engine's values, in which every integer is read as two's complement."""

from collections.abc import Mapping, Sequence

import numpy as np

from spatial.sim.numbers import Numbers, numbers_of
from spatial.types.bits import from_bits
from spatial.types.dtype import Bool, DType, Fixed, Float, Index, Int, Struct, UInt
from spatial.types.fixed import as_number
from spatial.types.rounding import wrap
from spatial.types.tensor import TensorType, element_of, shape_of
from spatial.types.values import from_values, to_values

__all__ = ["decode", "decode_token", "decoded", "encoded", "raw"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


def encoded(array: Array, dtype: DType) -> Sequence[object]:
    """The elements in C order; raises `ValueError` where one is outside of the type.

    They may lie in the array's own memory: whoever keeps them copies them.
    """
    if (numbers := numbers_of(array, dtype)) is not None:
        return numbers
    values = to_values(array, dtype)
    match dtype:
        case Float() | Index():
            return list(values)
    return [int(value) & 1 if dtype.bits == 1 else wrap(dtype.bits, True, int(value)) for value in values]


def decode(value: object, dtype: DType) -> object:
    """A value as the user knows it: a struct as a dictionary, fixed point as a float or a `Fraction`."""
    match dtype:
        case Bool():
            return bool(value)
        case Struct():
            return _fields(value, dtype)
        case Fixed():
            known = raw(value, dtype)
            assert isinstance(known, int)
            return as_number(known, dtype)
    return raw(value, dtype)


def raw(value: object, dtype: DType) -> int | float:
    """The engine's value as the table of arithmetic holds it."""
    assert isinstance(value, int | float)
    match dtype:
        case Int() | UInt() | Fixed() | Struct() | Bool():
            return from_bits(int(value) & ((1 << dtype.bits) - 1), dtype)
    return value


def decode_token(token: object, type_: DType | TensorType) -> object:
    """A token as the user knows it: a number, or a NumPy array of its own."""
    if not isinstance(type_, TensorType):
        return decode(token, type_)
    assert isinstance(token, tuple)
    return from_values([raw(value, type_.element) for value in token], type_.element, type_.shape)


def _fields(value: object, dtype: Struct) -> dict[str, object]:
    assert isinstance(value, int)
    fields, offset = {}, 0
    for name, field in dtype.fields:
        bits = value >> offset & ((1 << field.bits) - 1)
        fields[name] = decode(from_bits(bits, field), field)
        offset += field.bits
    return fields


def decoded(types: Mapping[str, TensorType | DType], memory: Mapping[str, Sequence[object]]) -> dict[str, Array]:
    """The arrays of these names and types, in the memory itself where that can be; a scalar has no dimensions."""
    arrays = {}
    for name, type_ in types.items():
        given = memory[name]
        if isinstance(given, Numbers):
            arrays[name] = given.shaped(element_of(type_), shape_of(type_))
            continue
        values = [raw(value, element_of(type_)) for value in given]
        arrays[name] = from_values(values, element_of(type_), shape_of(type_))
    return arrays
