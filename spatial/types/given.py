"""Reads values of a type from what the user writes for them."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from spatial.types.bits import to_bits
from spatial.types.conversion import Value, convert, fits
from spatial.types.dtype import Bool, DType, Fixed, Float, Int, Struct, float64
from spatial.types.exact import converted
from spatial.types.fixed import exact
from spatial.types.record import Record
from spatial.types.values import from_values, numpy_dtype

__all__ = ["records", "struct_of", "value_of"]

Array = npt.NDArray[np.generic]


def value_of(given: object, dtype: DType, *, exactly: bool = False) -> Value:
    """The value that a number is in a type, or a struct that is given by its fields; `ValueError` says why it is none.

    A struct is a tuple, a dictionary, an element of a structured array, or a `Record`. A number with a fraction is
    rounded, as a literal is, unless it must stay `exactly` what it is.
    """
    if isinstance(dtype, Struct):
        return _word(given, dtype, exactly=exactly)
    number = _number(given, dtype)
    if isinstance(number, Fraction):
        assert isinstance(dtype, Fixed), "other types take floats"
        raw = exact(number, dtype)
        if raw is None:
            raise ValueError(f"`{number}` is no value of `{dtype}`")
        return raw
    if not fits(number, dtype):
        raise ValueError(f"`{number!r}` does not fit `{dtype}`")
    value = convert(number, float64 if isinstance(number, float) else Int(1024), dtype)
    if exactly and not _is_kept(number, value, dtype):
        raise ValueError(f"`{number!r}` is no value of `{dtype}`, which would round it")
    return value


def struct_of(value: object) -> Struct | None:
    """The struct of a `Record`, and of nothing else."""
    struct = object.__getattribute__(value, "struct") if isinstance(value, Record) else None
    return struct if isinstance(struct, Struct) else None


def records(given: object, struct: Struct, *, exactly: bool = False) -> Array:
    """Structs as an array of the struct's NumPy form; raises `ValueError`, saying what is wrong.

    A list is an axis of the array; fields of a structured array are found by their names.
    """
    if isinstance(given, np.ndarray) and given.dtype.names:
        try:
            return converted(given, numpy_dtype(struct))
        except TypeError:
            names = ", ".join(f"`{name}`" for name in given.dtype.names)
            told = f"its fields {names} are not those of `{struct.name}`, {_fields(struct)}"
            raise ValueError(told) from None
    found, shape = _leaves(given.tolist() if isinstance(given, np.ndarray) else given)
    return from_values([_word(each, struct, exactly=exactly) for each in found], struct, shape)


def _number(given: object, dtype: DType) -> bool | int | float | Fraction:
    """A number as Python holds it; a fraction only where it can be a value."""
    match given:
        case np.ndarray(shape=()) | np.generic():
            given = given.item()
    if isinstance(given, Fraction) and not isinstance(dtype, Fixed):
        given = float(given) if isinstance(dtype, Float) or given.denominator > 1 else int(given)
    if isinstance(given, bool | int | float | Fraction):
        return given
    if isinstance(given, np.generic):  # the numbers of ml_dtypes
        return float(given)
    raise ValueError(f"a value of type `{type(given).__name__}` is no number")


def _is_kept(number: float, value: Value, dtype: DType) -> bool:
    match dtype:
        case Fixed():
            return exact(number, dtype) == value
        case Float() | Bool():
            return number == value or number != number
    return True


def _word(given: object, struct: Struct, *, exactly: bool) -> int:
    """The bits of a struct; the first field lies lowest."""
    word, offset = 0, 0
    for value, (name, dtype) in zip(_parts(given, struct), struct.fields, strict=True):
        try:
            word |= to_bits(value_of(value, dtype, exactly=exactly), dtype) << offset
        except ValueError as error:
            raise ValueError(f"its field `{name}`: {error}") from None
        offset += dtype.bits
    return word


def _parts(given: object, struct: Struct) -> list[object]:
    """The fields in the order of the declaration."""
    names = [name for name, _ in struct.fields]
    if isinstance(given, np.ndarray | np.void) and given.dtype.names and given.shape == ():
        given = {name: given[name] for name in given.dtype.names}
    own = struct_of(given)
    match given:
        case Record() if own != struct:
            raise ValueError(f"it is a `{own.name if own else '?'}`, not a `{struct.name}`")
        case Mapping() if given.keys() == set(names):
            return [given[name] for name in names]
        case tuple() if len(given) == len(names):
            return list(given)
        case tuple() | Mapping():
            raise ValueError(f"the fields of `{struct.name}` are {_fields(struct)}")
    raise ValueError(f"a value of type `{type(given).__name__}` is no `{struct.name}`: write `({_spelled(struct)})`")


def _leaves(given: object) -> tuple[list[object], tuple[int, ...]]:
    """What nested lists hold, with the extents of the nest."""
    if not isinstance(given, list):
        return [given], ()
    parts = [_leaves(each) for each in given]
    if len({shape for _, shape in parts}) > 1:
        raise ValueError("its rows differ in length")
    return [leaf for found, _ in parts for leaf in found], (len(parts), *(parts[0][1] if parts else ()))


def _fields(struct: Struct) -> str:
    return ", ".join(f"`{name}`" for name, _ in struct.fields)


def _spelled(struct: Struct) -> str:
    names = ", ".join(name for name, _ in struct.fields)
    return names if len(struct.fields) > 1 else f"{names},"
