"""Reads the compile-time values that shape the code."""

import itertools
import math
import operator
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from spatial.types.conversion import convert
from spatial.types.dtype import Bool, Fixed, Int, Struct, as_dtype, float64
from spatial.types.fixed import as_number, is_double

__all__ = ["Chosen", "channels_in", "choices", "converted", "holds_channels", "repetitions", "unpack", "window_shape"]

MOST = 1 << 16


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a parameter is that is given a channel chosen by the run: all that it may be, in rows of `extents`."""

    extents: tuple[int, ...]
    channels: Sequence[object]


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
    if dtype is None or isinstance(dtype, Struct) or not isinstance(value, bool | int | float):
        return value
    made = convert(value, float64 if isinstance(value, float) else Int(1024), dtype)
    match dtype:
        case Fixed():
            return as_number(int(made), dtype) if is_double(dtype) else value
        case Bool():
            return bool(made)
    return made


def choices(base: Any, indices: Sequence[object]) -> tuple[tuple[int, ...], list[object]]:
    """Of an array or a list of channels those with the indices that are given, and the extents of the others."""
    if not hasattr(base, "shape") and not isinstance(base, list | tuple):
        raise TypeError(f"the run chooses from an array or a list of channels, this is a `{type(base).__name__}`")
    shape = (len(base),) if isinstance(base, list | tuple) else base.shape
    padded = (*shape, *(1 for _ in indices[len(shape) :]))
    ranges = [range(extent) if index is None else (index,) for index, extent in zip(indices, padded, strict=False)]
    extents = tuple(extent for index, extent in zip(indices, padded, strict=False) if index is None)
    if math.prod(extents) > MOST:
        raise ValueError(f"the run chooses one of more than {MOST} channels")
    positions = itertools.product(*ranges)
    return extents, [base[position if len(position) > 1 else position[0]] for position in positions]


def holds_channels(base: object) -> bool:
    """Whether the run can choose a channel of it."""
    if isinstance(base, list | tuple):
        return bool(base) and all(hasattr(each, "put") for each in base)
    return hasattr(base, "channels")


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


def channels_in(group: object) -> tuple[tuple[int, ...], list[object]]:
    """The channels that an array or a list of channels holds, in C order, with its shape."""
    if isinstance(group, list | tuple):
        found = [channel for item in group for channel in channels_in(item)[1]]
        return (len(found),), found
    channels = getattr(group, "channels", None)
    return (group.shape, channels()) if callable(channels) and hasattr(group, "shape") else ((), [group])
