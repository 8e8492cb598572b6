"""The values that memory begins with, from what the user wrote for them."""

import numpy as np

from spatial.types.conversion import Value, convert, fits
from spatial.types.dtype import DType, Int, float64
from spatial.types.tensor import TensorType, element_of, shape_of

__all__ = ["initial_values"]


def initial_values(given: object, type_: TensorType | DType) -> tuple[Value, ...]:
    """The elements in C order, one where it stands for all of them; raises `ValueError`, saying what is wrong."""
    try:
        array = np.asarray(given)
    except ValueError:
        raise ValueError("its rows differ in length") from None
    if array.dtype.kind == "V":  # the floats of ml_dtypes
        array = array.astype(np.float64)
    if array.ndim and array.shape != shape_of(type_):
        raise ValueError(f"it has the shape {list(array.shape)}, `{type_}` has {list(shape_of(type_))}")
    return tuple(_element(value, element_of(type_)) for value in array.ravel().tolist())


def _element(value: object, dtype: DType) -> Value:
    if not isinstance(value, bool | int | float):
        raise ValueError(f"a value of type `{type(value).__name__}` is no number")
    if not fits(value, dtype):
        raise ValueError(f"`{value!r}` does not fit `{dtype}`")
    return convert(value, float64 if isinstance(value, float) else Int(1024), dtype)
