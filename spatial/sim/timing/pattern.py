"""Finds the loops in sets of points in time, so that a pipeline costs as little as its repeated part."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from spatial.analysis.series import Series

__all__ = ["Event", "Item", "Moment", "Round", "arranged"]

Event = tuple[Series, int]
"""When an operation happens, and its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Operations, by number, that happen together at a time."""

    time: int
    operations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What happens `count` times, every `period` from `time` on; the times in it count from each begin."""

    time: int
    period: int
    count: int
    body: "tuple[Item, ...]"


Item: TypeAlias = Moment | Round


def arranged(events: Iterable[Event]) -> tuple[Item, ...]:
    """Moments and rounds in the order of time; of one moment the operations in the order of their numbers."""
    plain = [(_plain(series), number) for series, number in events]
    return tuple(_arrange(plain))


def _plain(series: Series) -> Series:
    """The same times, with as few strides as they need."""
    strides: list[tuple[int, int]] = []
    for stride, count in series.strides:
        if count == 1:
            continue
        if strides and strides[-1][0] == stride * count:
            strides[-1] = (stride, strides[-1][1] * count)
        else:
            strides.append((stride, count))
    return Series(first=series.first, strides=tuple(strides))


def _arrange(events: Sequence[Event]) -> list[Item]:
    """The timeline, cut wherever an operation begins or ceases to repeat."""
    edges = sorted({edge for series, _ in events for edge in _edges(series)})
    found: list[Item] = []
    waiting = sorted(events, key=lambda event: -event[0].first)
    active: list[Event] = []
    for low, high in itertools.pairwise(edges):
        active = [event for event in active if _edges(event[0])[1] > low]
        while waiting and waiting[-1][0].first < high:
            active.append(waiting.pop())
        if active:
            found += _between(low, high, active)
    return found


def _edges(series: Series) -> tuple[int, int]:
    """From when to when a series repeats itself."""
    if not series.strides:
        return series.first, series.first + 1
    stride, count = series.strides[0]
    return series.first, series.first + stride * count


def _between(low: int, high: int, events: Sequence[Event]) -> list[Item]:
    """A stretch in which every operation repeats."""
    if any(not series.strides for series, _ in events):
        inside = [number for series, number in events for _ in _clipped(series, low, high)]
        return [Moment(time=low, operations=tuple(sorted(inside)))]
    period = math.lcm(*(series.strides[0][0] for series, _ in events))
    count = (high - low) // period
    if count < 2:
        period = max(series.strides[0][0] for series, _ in events)
        starts = range(low, high, period)
        return [item for start in starts for item in _arrange(_window(events, start, min(start + period, high)))]
    end = low + count * period
    body = [(_moved(series, -low), number) for series, number in _window(events, low, low + period)]
    rest = _arrange(_window(events, end, high))
    return [Round(time=low, period=period, count=count, body=tuple(_arrange(body))), *rest]


def _moved(series: Series, by: int) -> Series:
    return Series(first=series.first + by, strides=series.strides)


def _window(events: Sequence[Event], low: int, high: int) -> list[Event]:
    """What of the operations lies between two times."""
    return [(part, number) for series, number in events for part in _clipped(series, low, high)]


def _clipped(series: Series, low: int, high: int) -> list[Series]:
    """What of a series lies between two times."""
    if series.first >= high or series.last < low:
        return []
    if series.first >= low and series.last < high:
        return [series]
    (stride, count), *rest = series.strides
    inner = Series(first=series.first, strides=tuple(rest))
    first = max(0, -(-(low - series.first) // stride))
    behind = min(count, (high - 1 - inner.last) // stride + 1)
    parts = []
    if first > 0:
        parts += _clipped(_moved(inner, (first - 1) * stride), low, high)
    if behind > first:
        whole = Series(first=series.first + first * stride, strides=((stride, behind - first), *rest))
        parts.append(_plain(whole))
    else:
        behind = first
    if behind < count:
        parts += _clipped(_moved(inner, behind * stride), low, high)
    return parts
