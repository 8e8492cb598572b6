"""The values that memory begins with, from what the user wrote for them."""

import numpy as np

from spatial.types.conversion import Value, convert, fits
from spatial.types.dtype import DType, Int, Struct, float64
from spatial.types.tensor import TensorType, element_of, shape_of
from spatial.types.values import numpy_dtype, to_values

__all__ = ["initial_values"]


def initial_values(given: object, type_: TensorType | DType) -> tuple[Value, ...]:
    """The elements in C order, one where it stands for all of them; raises `ValueError`, saying what is wrong."""
    element = element_of(type_)
    if isinstance(element, Struct):
        return _records(given, element, type_)
    try:
        array = np.asarray(given)
    except ValueError:
        raise ValueError("its rows differ in length") from None
    if array.dtype.kind == "V":  # the floats of ml_dtypes
        array = array.astype(np.float64)
    if array.ndim and array.shape != shape_of(type_):
        raise ValueError(f"it has the shape {list(array.shape)}, `{type_}` has {list(shape_of(type_))}")
    return tuple(_element(value, element) for value in array.ravel().tolist())


def _records(given: object, element: Struct, type_: TensorType | DType) -> tuple[Value, ...]:
    """Structs, each as a tuple of its fields, or a structured array of them."""
    form = numpy_dtype(element)
    if isinstance(given, np.ndarray) and given.dtype != form:
        raise ValueError(f"its type is `{given.dtype}`, not that of `sp.numpy_dtype({element.name})`")
    try:
        array = np.array(given, dtype=form)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"its elements are no tuples of the fields of `{element.name}` ({error})") from None
    if array.shape != shape_of(type_):
        raise ValueError(f"it has the shape {list(array.shape)}, `{type_}` has {list(shape_of(type_))}")
    return tuple(to_values(array, element))


def _element(value: object, dtype: DType) -> Value:
    if not isinstance(value, bool | int | float):
        raise ValueError(f"a value of type `{type(value).__name__}` is no number")
    if not fits(value, dtype):
        raise ValueError(f"`{value!r}` does not fit `{dtype}`")
    return convert(value, float64 if isinstance(value, float) else Int(1024), dtype)
