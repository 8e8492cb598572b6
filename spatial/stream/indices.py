"""Finds the channels of an array that indices and slices mean."""

import operator
from collections.abc import Iterator, Sequence
from typing import Any

from spatial.stream.errors import ChannelIndexError

__all__ = ["chosen_indices", "spelled_range"]


def chosen_indices(name: str, given: Sequence[object], ranges: Sequence[range]) -> Iterator[range | int]:
    """Along each axis of the array `name` the index or the indices that are meant, of those in `ranges`.

    Raises `ChannelIndexError` where there are none.
    """
    shape = [len(each) for each in ranges]
    separator = ", " if any(isinstance(index, slice) for index in given) else ","
    spelled = f"{name}[{separator.join(map(_spelled, given))}]"
    settled = [_settled(index, spelled) for index in given]
    if len(settled) != len(shape):
        axes = "is one channel" if not shape else f"has {len(shape)} {'axis' if len(shape) == 1 else 'axes'}"
        hint = f"write `{name}[{', '.join('ijklmn'[: len(shape)])}]`" if shape else f"write `{name}`"
        raise ChannelIndexError(spelled, f"`{name}` {axes}", hint)
    if not all(_lies_within(index, extent) for index, extent in zip(settled, shape, strict=True)):
        hint = "guard the use with `sp.meta_if`, or make the stream array larger"
        raise ChannelIndexError(spelled, f"`{name}` has the shape {shape}", hint)
    return (each[index] for each, index in zip(ranges, settled, strict=True))


def spelled_range(indices: range) -> str:
    """A range of indices as the slice that takes it."""
    stop = "" if indices.stop < 0 else indices.stop
    step = "" if indices.step == 1 else f":{indices.step}"
    return f"{indices.start}:{stop}{step}"


def _settled(given: object, spelled: str) -> int | slice:
    bounds = (given.start, given.stop, given.step) if isinstance(given, slice) else (given,)
    try:
        numbers = [_number(bound, may_lack=isinstance(given, slice)) for bound in bounds]
    except TypeError:
        hint = "divide with `//`" if any(isinstance(bound, float) for bound in bounds) else ""
        raise ChannelIndexError(spelled, "channel indices are integers", hint) from None
    return slice(*numbers) if isinstance(given, slice) else numbers[0] or 0


def _number(bound: Any, *, may_lack: bool) -> int | None:
    return None if bound is None and may_lack else operator.index(bound)


def _lies_within(index: int | slice, extent: int) -> bool:
    """Whether there is a channel at an index, or all of a slice is there; a slice may count from the end."""
    if isinstance(index, int):
        return 0 <= index < extent
    inside = all(bound is None or -extent <= bound <= extent for bound in (index.start, index.stop))
    return inside and index.step != 0 and len(range(extent)[index]) > 0


def _spelled(index: object) -> str:
    if not isinstance(index, slice):
        return str(index)
    parts = ["" if bound is None else str(bound) for bound in (index.start, index.stop, index.step)]
    return ":".join(parts if index.step is not None else parts[:2])
