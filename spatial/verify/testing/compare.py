"""Compares what two runs gave, to the bit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spatial.verify.testing.cases import Array, Case
from spatial.verify.testing.tested import Difference

__all__ = ["Ran", "compared"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ran:
    """What a run gave: its outputs by name, or the `end` that it came to instead; `late` is one that was stopped."""

    outputs: Mapping[str, Array]
    end: str = ""
    late: bool = False


def compared(first: Ran, second: Ran, case: Case) -> Difference | None:
    """The first difference, if there is one; two runs that fail are not told apart."""
    if first.late or second.late or (first.end and second.end):
        return None
    if first.end or second.end:
        return Difference(inputs=case, ends=(first.end, second.end))
    found = None
    count = 0
    for name, one in first.outputs.items():
        other = second.outputs[name]
        if one.shape != other.shape:
            shapes = (_tokens(one), _tokens(other))
            return Difference(inputs=case, output=name, values=shapes, count=1)
        wrong = apart(one, other)
        count += int(np.count_nonzero(wrong))
        if found is None and wrong.any():
            place = tuple(map(int, np.argwhere(wrong)[0]))
            found = (name, place, (one[place], other[place]))
    if found is None:
        return None
    name, place, values = found
    return Difference(inputs=case, output=name, place=place, values=values, count=count)


def apart(one: Array, other: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which elements differ in a bit: -0.0 is not 0.0, and a NaN is any other, for a type has one."""
    if one.dtype.names:
        parts = [apart(one[name], other[name]) for name in one.dtype.names]  # type: ignore[call-overload]
        return np.asarray(np.logical_or.reduce(parts), dtype=np.bool_)
    if one.dtype == object:
        return np.asarray(np.not_equal(one, other), dtype=np.bool_)
    form = np.dtype((np.void, one.dtype.itemsize))
    left, right = (np.ascontiguousarray(array).reshape(-1).view(form) for array in (one, other))
    return np.asarray(left != right, dtype=np.bool_).reshape(one.shape)


def _tokens(array: Array) -> str:
    return f"{array.shape[0]} tokens" if array.ndim else "one value"
