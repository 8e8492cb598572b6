"""Reads the compile-time values that shape the code."""

import itertools
import operator
from collections.abc import Hashable, Iterable, Sequence

from spatial.types.conversion import convert
from spatial.types.dtype import Int, as_dtype, float64

__all__ = ["converted", "repetitions", "unpack", "window_shape"]

MOST = 1 << 16


def repetitions(bounds: Sequence[object]) -> tuple[object, ...]:
    """The values a `meta_for` runs through: those of a sequence, or of a range."""
    if len(bounds) == 1 and isinstance(bounds[0], Iterable):
        values = tuple(itertools.islice(bounds[0], MOST + 1))
    else:
        counted = range(*map(operator.index, bounds))  # type: ignore[arg-type]
        values = tuple(counted[: MOST + 1])
    if len(values) > MOST:
        raise ValueError(f"more than {MOST} repetitions; `range` repeats while the program runs")
    return values


def converted(value: object, annotation: object) -> object:
    """A number as a parameter of that annotation takes it; anything else as it is."""
    dtype = as_dtype(annotation)
    if dtype is None or not isinstance(value, bool | int | float):
        return value
    return convert(value, float64 if isinstance(value, float) else Int(1024), dtype)


def window_shape(window: slice) -> Hashable:
    """What of a slice shapes the code: its extent where both ends count from the front, else all of it."""
    if isinstance(window.start, int) and isinstance(window.stop, int) and window.start >= 0 and window.stop >= 0:
        return window.stop - window.start, repr(window.step)
    return repr((window.start, window.stop, window.step))


def unpack(value: object, count: int) -> tuple[object, ...]:
    """The parts of a compile-time value assigned to a tuple of names."""
    if not isinstance(value, Iterable):
        raise TypeError(f"{value!r} is one value, there are {count} names")
    parts = tuple(value)
    if len(parts) != count:
        raise ValueError(f"{len(parts)} values for {count} names")
    return parts
