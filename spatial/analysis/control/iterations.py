"""The iterations of a flattened nest of loops in which conditions hold."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from spatial.analysis.control.expression import Expression, evaluate
from spatial.analysis.control.periods import Counter, segments
from spatial.analysis.series import Series, numbers_of, series_of

__all__ = ["Guard", "TooIrregular", "iterations_of"]

Guard: TypeAlias = tuple[Expression, bool]
MOST_NUMBERS = 1 << 20
FEW_NUMBERS = 1 << 16
MOST_SERIES = 1 << 10


class TooIrregular(Exception):
    """The iterations follow no pattern, and are too many to list."""


def iterations_of(
    guards: Sequence[Guard], nest: Sequence[Counter], known: Mapping[int, int]
) -> list[tuple[Series, ...] | None]:
    """The iterations of a nest (outermost first) in which every condition is as wanted.

    They come in as many parts as it takes for each to ascend; None stands for all iterations.
    Raises `TooIrregular`, and `Undefined` as `evaluate` does.
    """
    total = math.prod(counter.count for counter in nest)
    if total == 0:
        return []
    own = {counter.variable for counter in nest}
    if any(bool(evaluate(guard, known)) is not wanted for guard, wanted in guards if not guard.variables & own):
        return []
    dependent = [(guard, wanted) for guard, wanted in guards if guard.variables & own]
    parts = [_part(group, nest, known) for group in _groups(dependent, nest)]
    found = _product(parts, total)
    if len(found) == 1 and found[0].count == total:
        return [None]
    return list(_chains(found))


def _groups(guards: Sequence[Guard], nest: Sequence[Counter]) -> list[tuple[list[Guard], list[int]]]:
    """The places in the nest, and the conditions, that have to do with each other."""
    groups: list[tuple[list[Guard], set[int]]] = [([], {place}) for place in range(len(nest))]
    for guard, wanted in guards:
        places = {place for place, counter in enumerate(nest) if counter.variable in guard.variables}
        touched = [group for group in groups if group[1] & places]
        groups = [group for group in groups if not group[1] & places]
        conditions = [condition for group in touched for condition in group[0]]
        groups.append(([*conditions, (guard, wanted)], set[int]().union(*(group[1] for group in touched))))
    return [(conditions, sorted(places)) for conditions, places in groups]


def _part(group: tuple[list[Guard], list[int]], nest: Sequence[Counter], known: Mapping[int, int]) -> list[Series]:
    """The iterations that some loops of the nest allow, the others standing still."""
    guards, places = group
    strides = {place: math.prod(counter.count for counter in nest[place + 1 :]) for place in places}
    if not guards:
        (place,) = places
        return [Series(first=0, strides=((strides[place], nest[place].count),))]
    if len(places) == 1:
        (place,) = places
        return [_scaled(series, strides[place]) for series in _joined(_along(guards, nest[place], known))]
    return _across(guards, [(nest[place], strides[place]) for place in places], known)


def _along(guards: Sequence[Guard], counter: Counter, known: Mapping[int, int]) -> Iterator[Series]:
    """The iterations of one loop in which conditions hold."""
    pieces = segments([guard for guard, _ in guards], counter, known, MOST_NUMBERS)
    if pieces is None:
        raise TooIrregular
    samples = np.concatenate([piece.sample for piece in pieces])
    holds = np.ones(len(samples), bool)
    for guard, wanted in guards:
        holds &= (evaluate(guard, {**known, counter.variable: counter.at(samples)}) != 0) == wanted
    place = 0
    for piece in pieces:
        size = min(piece.period, piece.length)
        sample, held = samples[place : place + size], holds[place : place + size]
        place += size
        periods, rest = divmod(piece.length, piece.period)
        for series in series_of(sample[held]) if periods else ():
            outer = ((piece.period, periods),) if periods > 1 else ()
            yield Series(first=series.first, strides=(*outer, *series.strides))
        yield from series_of(sample[:rest][held[:rest]] + piece.period * periods)


def _joined(found: Iterable[Series]) -> list[Series]:
    """The same with as few series as neighbours that continue each other make."""
    rows: list[Series] = []
    for each in found:
        rows.append(each)
        while len(rows) > 1 and (both := _continued(rows[-2], rows[-1])) is not None:
            rows[-2:] = [both]
    return rows


def _continued(left: Series, right: Series) -> Series | None:
    """Two series as one, where the second goes on as the first does."""
    paces = {stride for series in (left, right) for stride, _ in series.strides}
    if len(left.strides) > 1 or len(right.strides) > 1 or paces != {right.first - left.last}:
        return None
    return Series(first=left.first, strides=((right.first - left.last, left.count + right.count),))


def _across(guards: Sequence[Guard], loops: Sequence[tuple[Counter, int]], known: Mapping[int, int]) -> list[Series]:
    """The same of several loops together, each with the distance of its iterations.

    All iterations of all loops but the longest are tried, and those of that too where they are few.
    """
    if math.prod(counter.count for counter, _ in loops) <= FEW_NUMBERS:
        return _tried(guards, loops, known)
    (long, stride), *others = sorted(loops, key=lambda loop: -loop[0].count)
    if math.prod(counter.count for counter, _ in others) > MOST_SERIES:
        raise TooIrregular
    found = []
    for choice in itertools.product(*(range(counter.count) for counter, _ in others)):
        pairs = list(zip(others, choice, strict=True))
        values = {counter.variable: counter.first + counter.step * number for (counter, _), number in pairs}
        offset = sum(distance * number for (_, distance), number in pairs)
        inside = _joined(_along(guards, long, {**known, **values}))
        found += [_scaled(series, stride, offset) for series in inside]
    return found


def _tried(guards: Sequence[Guard], loops: Sequence[tuple[Counter, int]], known: Mapping[int, int]) -> list[Series]:
    """The same by trying all iterations."""
    grid = np.meshgrid(*(np.arange(counter.count, dtype=np.int64) for counter, _ in loops), indexing="ij")
    axes = [(counter, stride, axis.ravel()) for (counter, stride), axis in zip(loops, grid, strict=True)]
    values = {counter.variable: counter.at(axis) for counter, _, axis in axes}
    numbers = np.zeros(len(axes[0][2]), np.int64)
    for _, stride, axis in axes:
        numbers += axis * stride
    holds = np.ones(len(numbers), bool)
    for guard, wanted in guards:
        holds &= (evaluate(guard, {**known, **values}) != 0) == wanted
    return series_of(numbers[holds])


def _scaled(series: Series, factor: int, offset: int = 0) -> Series:
    strides = tuple((stride * factor, count) for stride, count in series.strides)
    return Series(first=series.first * factor + offset, strides=strides)


def _product(parts: Sequence[Sequence[Series]], total: int) -> list[Series]:
    """All sums of a number from each part, in ascending series by their first number."""
    if math.prod(map(len, parts)) > MOST_SERIES:
        return _listed(parts)
    found = [_nested(choice) for choice in itertools.product(*parts)]
    nested = [series for series in found if series is not None]
    if len(nested) < len(found):
        return _listed(parts)
    return sorted(nested, key=lambda series: series.first)


def _listed(parts: Sequence[Sequence[Series]]) -> list[Series]:
    """The same by listing all numbers."""
    if math.prod(sum(series.count for series in part) for part in parts) > MOST_NUMBERS:
        raise TooIrregular
    numbers = np.zeros(1, np.int64)
    for part in parts:
        numbers = (numbers[:, None] + numbers_of(part)).ravel()
    found = series_of(np.sort(numbers))
    if len(found) > MOST_SERIES:
        raise TooIrregular
    return found


def _nested(choice: Sequence[Series]) -> Series | None:
    """The sums of a number from each series, if they ascend with the greatest stride slowest."""
    strides = sorted((pair for series in choice for pair in series.strides if pair[1] > 1), reverse=True)
    merged: list[tuple[int, int]] = []
    span = 0
    for stride, count in reversed(strides):
        if stride <= span:
            return None
        span += stride * (count - 1)
        if merged and merged[0][0] * merged[0][1] == stride:
            merged[0] = (merged[0][0], merged[0][1] * count)
        else:
            merged.insert(0, (stride, count))
    first = sum(series.first for series in choice)
    return Series(first=first, strides=tuple(merged))


def _chains(found: Sequence[Series]) -> Iterator[tuple[Series, ...]]:
    """Series in as few rows as are needed for each row to ascend."""
    rows: list[list[Series]] = []
    for series in found:
        row = next((row for row in rows if row[-1].last < series.first), None)
        if row is None:
            rows.append([series])
        else:
            row.append(series)
    yield from map(tuple, rows)
