"""Converts NumPy arrays to another element type where nothing is lost."""

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from spatial.types.dtype import Fixed

__all__ = ["converted", "holds_all", "holds_fixed"]

Array = npt.NDArray[np.generic]
DType = np.dtype[np.generic]


def converted(array: Array, wanted: DType) -> Array:
    """The array with elements of type `wanted`, each of the same value; itself where it has them already.

    Raises `ValueError`, naming the first index and value, where an element has no such form, and
    `TypeError` where there is no conversion between the types at all.
    """
    if array.dtype == wanted:
        return array
    if wanted.names and array.dtype.names:
        return _record(array, wanted)
    if _kind(array.dtype) == "other" or _kind(wanted) == "other":
        raise TypeError(f"`{array.dtype}` has no exact form as `{wanted}`")
    with np.errstate(all="ignore"):
        made: Array = _as_type(array, wanted)
        kept = _kept(array, made)
    if not kept.all():
        position = int(np.argmin(kept))
        place = ", ".join(map(str, np.unravel_index(position, array.shape)))
        raise ValueError(f"the element at [{place}] is {array.ravel()[position]}, which `{wanted}` cannot hold exactly")
    return made


def holds_all(target: DType, source: DType) -> bool:
    """Whether every value of `source` has an exact form in `target`."""
    if target == source or (_kind(target) == "object" and _kind(source) in ("bool", "integer", "object")):
        return True
    if target.names and source.names:
        return _same_names(target, source) and all(
            holds_all(_field(target, name), _field(source, name)) for name in target.names
        )
    match _kind(source), _kind(target):
        case "bool", "bool" | "integer" | "float":
            return True
        case "integer", "integer":
            least, greatest = _limits(source)
            low, high = _limits(target)
            return low <= least and greatest <= high
        case "integer", "float":
            return bool(_limits(source)[1].bit_length() <= _float(target).nmant + 1)
        case "float", "float":
            narrow, wide = _float(source), _float(target)
            return bool(narrow.nmant <= wide.nmant and narrow.maxexp <= wide.maxexp and narrow.minexp >= wide.minexp)
    return False


def holds_fixed(target: DType, source: Fixed) -> bool:
    """Whether every value of a fixed-point type has an exact form in `target`."""
    magnitude = source.width - source.signed
    match _kind(target):
        case "object":
            return True
        case "float":
            form = _float(target)
            in_range = form.minexp - form.nmant <= -source.fraction and magnitude - source.fraction < form.maxexp
            return bool(in_range and magnitude <= form.nmant + 1)
        case "integer" if source.fraction <= 0:
            low, high = _limits(target)
            bound = 1 << magnitude - source.fraction
            return high >= bound - 1 and low <= (-bound if source.signed else 0)
    return False


def _record(array: npt.NDArray[Any], wanted: DType) -> Array:
    """Each field converted; fields are found by their names."""
    if not _same_names(array.dtype, wanted):
        raise TypeError(f"`{array.dtype}` has not the fields of `{wanted}`")
    made: npt.NDArray[Any] = np.zeros(array.shape, wanted)
    for name in wanted.names or ():
        try:
            made[name] = converted(array[name], _field(wanted, name))
        except ValueError as error:
            raise ValueError(f"field `{name}`: {error}") from None
    return made


def _field(dtype: DType, name: str) -> DType:
    """The type of a field."""
    assert dtype.fields is not None, "only structured types have fields"
    return dtype.fields[name][0]


def _same_names(one: DType, other: DType) -> bool:
    return set(one.names or ()) == set(other.names or ())


def _kind(dtype: DType) -> str:
    """What the elements are: bool, integer, float, object (Python's integers) or other."""
    if dtype.kind in "biu":
        return "bool" if dtype.kind == "b" else "integer"
    if dtype.kind in "fO":
        return "float" if dtype.kind == "f" else "object"
    if dtype.kind == "c" or dtype.names:
        return "other"
    for kind, read in (("integer", _limits), ("float", _float)):
        try:
            read(dtype)
        except ValueError:
            continue
        return kind
    return "other"


def _limits(dtype: DType) -> tuple[int, int]:
    info = ml_dtypes.iinfo(dtype)  # type: ignore[no-untyped-call]
    return int(info.min), int(info.max)


def _float(dtype: DType) -> ml_dtypes.finfo:
    return ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]


def _as_type(array: Array, wanted: DType) -> Array:
    if _kind(array.dtype) == "object":
        if not all(isinstance(value, int | np.integer) for value in array.ravel()):
            raise TypeError(f"an array of Python objects has no exact form as `{wanted}`")
        if _kind(wanted) == "integer":
            least, greatest = _limits(wanted)
            array = np.where((array >= least) & (array <= greatest), array, 0)  # type: ignore[operator]
    return array.astype(wanted)


def _kept(array: Array, made: Array) -> npt.NDArray[np.bool_]:
    """For each element whether it has the value it had; integers are compared as integers."""
    exact = _exact(array) == _exact(made)
    if _kind(array.dtype) == "float" and _kind(made.dtype) == "float":
        with_nan = np.isnan(array.astype(np.float64)) & np.isnan(made.astype(np.float64))
        return np.asarray(exact | with_nan, np.bool_)
    return np.asarray(exact, np.bool_)


def _exact(array: Array) -> Array:
    """The values in a form that compares exactly with the other: Python's numbers where the widths are great."""
    if _kind(array.dtype) == "float":
        return array.astype(np.float64)
    return array.astype(object) if array.dtype.itemsize > 4 or array.dtype.kind == "O" else array.astype(np.int64)
