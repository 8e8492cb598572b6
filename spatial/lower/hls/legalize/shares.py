"""The part of an array that an actor touches, and in which order."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.ir.graph import Actor
from spatial.lower.hls.legalize.accesses import Access, Loop
from spatial.lower.hls.legalize.boxes import Box, Interval, box_size, joined, slices, whole
from spatial.lower.hls.legalize.forms import Form

__all__ = ["Use", "use_of"]


NOTHING = Interval(first=0, count=0)
Touched = tuple[Access, Box, bool, bool]
"""An access, its box, whether each element of that is surely touched, and whether that is once and in order."""

UNKNOWN = 0
"""A symbol that is no loop's: what stands for it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What an actor does to an array: it touches elements of `box` and no others, and writes some of `written`.

    It is `ordered` if it touches each element of the box exactly once, one after the other as they lie in memory; it
    `covers` the box if it surely writes each element of it. It `reads` what it has not surely just written.
    """

    actor: str
    position: int
    reads: bool
    writes: bool
    box: Box
    written: Box
    ordered: bool
    covers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trips:
    """The values of a loop variable; they are `exact` if every run of the loop has them."""

    interval: Interval
    exact: bool


def use_of(actor: Actor, position: int, accesses: Sequence[Access], shape: Sequence[int]) -> Use:
    """How an actor uses the array at a position, by the accesses of its function to it, at least one.

    The box is empty where no loop around them has an iteration.
    """
    values = {n: value for n, value in enumerate(actor.values) if isinstance(value, int)}
    found: list[Touched] = []
    for access in accesses:
        trips = trips_of(access.loops, values)
        trips = None if trips is None else guarded(trips, access.guards, values)
        if trips is not None:
            found.append((access, *_touched(access, trips, values, shape)))
    nothing = tuple(NOTHING for _ in shape)
    box = joined([each for _, each, _, _ in found]) if found else nothing
    written = [each for access, each, _, _ in found if access.writes]
    alone = len(accesses) == 1
    return Use(
        actor=actor.name,
        position=position,
        reads=any(access.reads and not _just_written(access, accesses[:n]) for n, access in enumerate(accesses))
        and any(each[0].reads and not _written_before(each, found[:n]) for n, each in enumerate(found)),
        writes=any(access.writes for access in accesses),
        box=box,
        written=joined(written) if written else nothing,
        ordered=alone and (not found or found[0][3]),
        covers=_covers(box, [each for access, each, full, _ in found if access.writes and full]),
    )


def _just_written(access: Access, before: Sequence[Access]) -> bool:
    """Whether an iteration of loops around an access has surely written the same element before."""
    if access.indices is None or None in access.indices:
        return False
    return any(
        each.writes
        and each.certain
        and each.indices == access.indices
        and each.loops == access.loops[: len(each.loops)]
        and each.guards == access.guards[: len(each.guards)]
        for each in before
    )


def _written_before(touched: Touched, before: Sequence[Touched]) -> bool:
    """Whether loops that end before an access begins have surely written all elements that it touches."""
    access, box, _, _ = touched
    if _just_written(access, [each for each, *_ in before]):
        return True
    written = [each for earlier, each, full, _ in before if earlier.writes and full and _ends_before(earlier, access)]
    return bool(written) and _covers(box, written)


def _ends_before(earlier: Access, access: Access) -> bool:
    """Whether the loops around an access that stands earlier in the text have ended where another one happens."""
    return not earlier.loops or not access.loops or earlier.loops[0] != access.loops[0]


def _covers(box: Box, written: Sequence[Box]) -> bool:
    """Whether boxes together are all of one that holds them."""
    if box_size(box) == 0 or box in written:
        return True
    if sum(map(box_size, written)) < box_size(box):
        return False
    found = np.zeros([each.last + 1 for each in box], np.bool_)
    for each in written:
        found[slices(each)] = True
    return bool(found[slices(box)].all())


def trips_of(loops: Sequence[Loop], values: Mapping[int, int]) -> dict[int, Trips | None] | None:
    """The values of each loop's variable, None where they are not known; None if a loop has no iteration at all."""
    found: dict[int, Trips | None] = {}
    for loop in loops:
        bounds = [None if each is None else each.settled(values) for each in (loop.low, loop.high, loop.step)]
        low, high, step = bounds
        if low is None or high is None or step is None or step.terms:
            found[loop.symbol] = None
            continue
        lows, highs = _range(low, found), _range(high, found)
        if lows is None or highs is None:
            found[loop.symbol] = None
            continue
        if lows.first >= highs.last:
            return None
        exact = not low.terms and not high.terms
        stride = step.base if not low.terms else 1
        count = -(-(highs.last - lows.first) // stride)
        found[loop.symbol] = Trips(interval=Interval(first=lows.first, count=count, step=stride), exact=exact)
    return found


def guarded(
    trips: dict[int, Trips | None], guards: Sequence[Form], values: Mapping[int, int]
) -> dict[int, Trips | None] | None:
    """The values of loop variables for which no guard is negative; None if there are none.

    Where a guard is one of several variables, what is `UNKNOWN` decides too.
    """
    found = dict(trips)
    for guard in guards:
        form = guard.settled(values)
        if form is not None and not form.terms:
            if form.base < 0:
                return None
            continue
        known = found.get(form.terms[0][0]) if form is not None and len(form.terms) == 1 else None
        if form is None or known is None:
            found[UNKNOWN] = None
            continue
        (symbol, factor) = form.terms[0]
        interval = _narrowed(known.interval, factor, form.base)
        if not interval.count:
            return None
        found[symbol] = replace(known, interval=interval)
    return found


def _narrowed(interval: Interval, factor: int, base: int) -> Interval:
    """The indices of which a multiple, not that by 0, and a base are not negative together."""
    begins, grows = factor * interval.first + base, factor * interval.step
    first = max(0, -(begins // grows)) if grows > 0 else 0
    last = begins // -grows if grows < 0 else interval.count - 1
    count = max(0, min(last, interval.count - 1) - first + 1)
    return Interval(first=interval.first + first * interval.step, count=count, step=interval.step)


def _range(form: Form, trips: Mapping[int, Trips | None]) -> Interval | None:
    """The values of a form of loop variables alone."""
    first = last = form.base
    step = 0
    for symbol, factor in form.terms:
        known = trips.get(symbol)
        if known is None:
            return None
        ends = factor * known.interval.first, factor * known.interval.last
        first, last = first + min(ends), last + max(ends)
        if known.interval.count > 1:
            step = math.gcd(step, abs(factor) * known.interval.step)
    step = step or 1
    return Interval(first=first, count=(last - first) // step + 1, step=step)


def _touched(
    access: Access, trips: Mapping[int, Trips | None], values: Mapping[int, int], shape: Sequence[int]
) -> tuple[Box, bool, bool]:
    """The box of an access, whether each element of it is surely touched, and whether that is once and in order."""
    if access.indices is None:
        return whole(shape), access.certain, False
    settled = [None if form is None else form.settled(values) for form in access.indices]
    box = tuple(_clipped(form, trips, extent) for form, extent in zip(settled, shape, strict=True))
    sure = access.certain and all(known is not None and known.exact for known in trips.values())
    if not sure or any(form is None for form in settled):
        return box, False, False
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    factors: dict[int, int] = dict.fromkeys(trips, 0)
    for form, stride in zip(settled, strides, strict=True):
        for symbol, factor in form.terms if form is not None else ():
            factors[symbol] += factor * stride
    steps = [
        (factor * known.interval.step, known.interval.count)
        for symbol, factor in factors.items()
        if (known := trips[symbol]) is not None and known.interval.count > 1
    ]
    full = _is_injective(steps) and math.prod(count for _, count in steps) == box_size(box)
    return box, full, full and _ascends(steps)


def _clipped(form: Form | None, trips: Mapping[int, Trips | None], extent: int) -> Interval:
    """The indices of a dimension that a form can be; all of them where it is not known."""
    found = None if form is None else _range(form, trips)
    everything = Interval(first=0, count=extent)
    if found is None:
        return everything
    if found.first < 0 or found.last >= extent:
        inside = [index for index in range(found.first, found.last + 1, found.step) if 0 <= index < extent]
        return Interval(first=inside[0], count=len(inside), step=found.step) if inside else everything
    return found


def _is_injective(steps: Iterable[tuple[int, int]]) -> bool:
    """Whether sums of multiples, of each step less than its count, are all different: steps exceed what is below."""
    return _ascends(sorted(((abs(step), count) for step, count in steps), reverse=True))


def _ascends(steps: Sequence[tuple[int, int]]) -> bool:
    """Whether the sums ascend, the last step changing first."""
    return all(step > reach for step, reach in _reaches(steps))


def _reaches(steps: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Each step, and how far those behind it reach."""
    reach = 0
    for step, count in reversed(steps):
        yield step, reach
        reach += step * (count - 1)
