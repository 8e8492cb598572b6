"""Numbers of iterations, kept as arithmetic series so that they cost nothing to repeat."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Numbers", "Series", "count_of", "last_of", "numbers_of", "series_of"]

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The numbers `first + k1 * stride1 + k2 * stride2 + ...`, `0 <= ki < counti`, the first pair slowest.

    `strides` are the pairs `(stride, count)`; strides and counts are at least 1, and the numbers ascend.
    """

    first: int
    strides: tuple[tuple[int, int], ...] = ()

    @property
    def count(self) -> int:
        """How many numbers they are."""
        return math.prod(count for _, count in self.strides)

    @property
    def last(self) -> int:
        """The greatest of them."""
        return self.first + sum(stride * (count - 1) for stride, count in self.strides)


def count_of(iterations: Iterable[Series]) -> int:
    """How many numbers several series hold."""
    return sum(series.count for series in iterations)


def last_of(iterations: Sequence[Series]) -> int:
    """The greatest number of several series, which follow each other in ascending order; -1 of none."""
    return iterations[-1].last if iterations else -1


def numbers_of(iterations: Iterable[Series]) -> Numbers:
    """All numbers of several series, one after the other; costs as much memory as there are numbers."""
    parts = [_numbers(series) for series in iterations]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def series_of(numbers: Numbers) -> list[Series]:
    """Few series that hold ascending numbers, one after the other."""
    if len(numbers) <= 1:
        return [Series(first=first) for first in numbers.tolist()]
    found = _stretches(numbers)
    while len(folded := _folded(found)) < len(found):
        found = folded
    return [Series(first=first, strides=strides) for first, strides in found]


Stretch = tuple[int, tuple[tuple[int, int], ...]]


def _stretches(numbers: Numbers) -> list[Stretch]:
    """The numbers in stretches of equal distances."""
    gaps = np.diff(numbers)
    changes = np.flatnonzero(np.diff(gaps)) + 1
    ends = np.append(changes, len(gaps))[np.searchsorted(changes, np.arange(len(gaps)), side="right")].tolist()
    values: list[int] = numbers.tolist()
    found: list[Stretch] = []
    place = 0
    while place < len(values):
        last = ends[place] if place < len(ends) else place
        strides = ((values[place + 1] - values[place], last - place + 1),) if last > place else ()
        found.append((values[place], strides))
        place = last + 1
    return found


def _folded(stretches: list[Stretch]) -> list[Stretch]:
    """Stretches that are alike and equally far from each other as one."""
    found: list[Stretch] = []
    place = 0
    while place < len(stretches):
        first, strides = stretches[place]
        end = place + 1
        gap = stretches[end][0] - first if end < len(stretches) else 0
        while end < len(stretches) and stretches[end] == (first + gap * (end - place), strides):
            end += 1
        found.append((first, ((gap, end - place), *strides)) if end > place + 1 else (first, strides))
        place = end
    return found


def _numbers(series: Series) -> Numbers:
    found = np.array([series.first], np.int64)
    for stride, count in series.strides:
        found = (found[:, None] + stride * np.arange(count, dtype=np.int64)).ravel()
    return found
