"""The values that memory begins with, from what the user wrote for them."""

import numpy as np

from spatial.types.conversion import Value
from spatial.types.dtype import DType, Struct
from spatial.types.given import records, value_of
from spatial.types.tensor import TensorType, element_of, shape_of
from spatial.types.values import to_values

__all__ = ["initial_values"]


def initial_values(given: object, type_: TensorType | DType) -> tuple[Value, ...]:
    """The elements in C order, one where it stands for all of them; raises `ValueError`, saying what is wrong."""
    element = element_of(type_)
    if isinstance(element, Struct):
        array = records(given, element)
        values = tuple(to_values(array, element))
    else:
        array = _numbers(given)
        values = tuple(value_of(value, element) for value in array.ravel().tolist())
    if array.ndim and array.shape != shape_of(type_):
        raise ValueError(f"it has the shape {list(array.shape)}, `{type_}` has {list(shape_of(type_))}")
    return values


def _numbers(given: object) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    try:
        array = np.asarray(given)
    except ValueError:
        raise ValueError("its rows differ in length") from None
    return array.astype(np.float64) if array.dtype.kind == "V" and not array.dtype.names else array
