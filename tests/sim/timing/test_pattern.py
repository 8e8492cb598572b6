"""Loops found in sets of points in time."""

import random

from spatial.analysis.series import Series, numbers_of
from spatial.sim.timing.pattern import Moment, Round, arranged


def moments(items, begin=0):
    """All moments of items, in order."""
    for item in items:
        match item:
            case Moment(time=time, operations=operations):
                yield begin + time, operations
            case Round(time=time, period=period, count=count, body=body):
                for k in range(count):
                    yield from moments(body, begin + time + k * period)


def size(items):
    return sum(1 + size(item.body) if isinstance(item, Round) else 1 for item in items)


def random_series(draw):
    strides, span = [], 0
    for _ in range(draw.randint(0, 3)):
        stride, count = draw.randint(span + 1, span + 4), draw.randint(1, 4)
        strides.insert(0, (stride, count))
        span += stride * (count - 1)
    return Series(first=draw.randint(0, 12), strides=tuple(strides))


def test_moments_are_those_of_the_series_and_come_in_order():
    for seed in range(400):
        draw = random.Random(seed)
        events = [(random_series(draw), number) for number in range(draw.randint(1, 4))]
        wanted = {}
        for series, number in events:
            for time in numbers_of([series]).tolist():
                wanted.setdefault(time, []).append(number)
        assert list(moments(arranged(events))) == [(time, tuple(wanted[time])) for time in sorted(wanted)], seed


def test_a_pipeline_costs_its_begin_its_repeated_part_and_its_end():
    get = Series(first=1, strides=((1, 10**6),))
    put = Series(first=5, strides=((1, 10**6),))
    assert size(arranged([(get, 0), (put, 1)])) == 6


def test_tiles_become_loops_in_loops():
    get = Series(first=0, strides=((1, 10**9),))
    put = Series(first=999, strides=((1000, 10**6),))
    found = arranged([(get, 0), (put, 1)])
    assert size(found) <= 8
    assert max(item.count for item in found if isinstance(item, Round)) == 10**6 - 1
