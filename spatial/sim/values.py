"""Between the user's arrays and the engine's values, in which every integer is read as two's complement."""

from collections.abc import Mapping, Sequence

import numpy as np

from spatial.ir.graph import ActorGraph
from spatial.types.dtype import Bool, DType, Int, UInt
from spatial.types.rounding import wrap
from spatial.types.values import from_values, to_values

__all__ = ["decode", "decoded", "encoded"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


def encoded(array: Array, dtype: DType) -> list[object]:
    """The elements in C order; raises `ValueError` where one is outside of the type."""
    values = to_values(array, dtype)
    match dtype:
        case UInt(1) | Bool():
            return list(values)
        case UInt(width):
            return [wrap(width, True, int(value)) for value in values]
        case Int(1):
            return [int(value) & 1 for value in values]
    return list(values)


def decode(value: object, dtype: DType) -> int | float | bool:
    """A value as the user knows it."""
    assert isinstance(value, int | float)
    match dtype:
        case Bool():
            return bool(value)
        case UInt(width):
            return int(value) & ((1 << width) - 1)
        case Int(1):
            return -int(value)
        case Int():
            return int(value)
    return value


def decoded(graph: ActorGraph, memory: Mapping[str, Sequence[object]]) -> dict[str, Array]:
    """The arrays a run leaves."""
    arrays = {}
    for array in graph.arrays:
        element = array.type.element
        values = [decode(value, element) for value in memory[array.name]]
        arrays[array.name] = from_values(values, element, array.type.shape)
    return arrays
