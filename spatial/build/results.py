"""What a call gives back: the values that a function returns."""

from collections.abc import Mapping

import numpy as np

from spatial.build.inputs import Inputs
from spatial.ir.graph import ActorGraph
from spatial.types.values import numpy_dtype

__all__ = ["results_by_name", "returned"]


def returned(graph: ActorGraph, inputs: Inputs) -> object:
    """The value of a call whose results are in its arrays; a tuple of several, None where nothing is returned.

    An array that the call is given and returns is that very array.
    """
    arrays: Mapping[str, object] = dict(zip((each.name for each in graph.arrays), inputs.arrays, strict=True))
    types = {array.name: array.type for array in graph.arrays}
    values: list[object] = []
    for result in graph.results:
        found = arrays[result.name]
        array = found if isinstance(found, np.ndarray) else np.asarray(found, numpy_dtype(types[result.name].element))
        values.append(array[0] if result.number else array)
    return None if not values else values[0] if len(values) == 1 else tuple(values)


def results_by_name(graph: ActorGraph, value: object) -> dict[str, object]:
    """What a call gave back, by the names of the arrays that it is in, numbers as arrays of one element."""
    values = value if isinstance(value, tuple) else (value,)
    return {result.name: np.atleast_1d(each) for result, each in zip(graph.results, values, strict=False)}
