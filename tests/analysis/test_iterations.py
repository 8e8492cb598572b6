"""Conditions on loop variables become series of iterations."""

import itertools
import random

import numpy as np
import pytest

from spatial.analysis.control.expression import Expression, Undefined, computed, constant, evaluate, variable
from spatial.analysis.control.iterations import TooIrregular, iterations_of
from spatial.analysis.control.periods import Counter, segments
from spatial.analysis.series import Series, numbers_of, series_of
from spatial.ir.mlir import arith

PREDICATES = range(6)
BINARY = (arith.AddIOp, arith.SubIOp, arith.MulIOp, arith.FloorDivSIOp, arith.RemSIOp, arith.DivSIOp, arith.MinSIOp)


def number(value):
    return constant(value)


def of(kind, *operands):
    return computed(kind, 64, operands)


def compare(predicate, left, right):
    return computed(arith.CmpIOp, 1, (left, right), predicate)


def drawn(random, leaves, depth):
    """A random integer of loop variables."""
    if depth == 0:
        return random.choice((*leaves, constant(random.randint(-9, 20))))
    kind = random.choice(BINARY)
    left = drawn(random, leaves, depth - 1)
    by_constant = kind in (arith.FloorDivSIOp, arith.RemSIOp, arith.DivSIOp, arith.MulIOp)
    right = constant(random.randint(1, 7)) if by_constant else drawn(random, leaves, depth - 1)
    return of(kind, left, right)


def condition(random, leaves, depth=2):
    """A random condition of loop variables."""
    if depth == 0 or random.random() < 0.3:
        shape = random.randint(0, 3)
        return compare(random.choice(PREDICATES), drawn(random, leaves, shape), constant(random.randint(-5, 30)))
    kind = random.choice((arith.AndIOp, arith.OrIOp, arith.XOrIOp))
    return computed(kind, 1, (condition(random, leaves, depth - 1), condition(random, leaves, depth - 1)))


def tried(guards, nest):
    """The iterations that hold, one after the other."""
    found = []
    for flat, place in enumerate(itertools.product(*(range(c.count) for c in nest))):
        known = {c.variable: c.first + c.step * n for c, n in zip(nest, place, strict=True)}
        if all(bool(evaluate(guard, known)) is wanted for guard, wanted in guards):
            found.append(flat)
    return found


def held(guards, nest):
    """The same as `iterations_of` finds them; each part ascends."""
    total = int(np.prod([c.count for c in nest]))
    parts = [range(total) if part is None else numbers_of(part).tolist() for part in iterations_of(guards, nest, {})]
    assert all(list(part) == sorted(set(part)) for part in parts)
    return sorted(n for part in parts for n in part)


@pytest.mark.parametrize("seed", range(120))
def test_conditions_of_one_variable_hold_where_they_are_true(seed):
    draw = random.Random(seed)
    counter = Counter(variable=0, first=draw.randint(-9, 9), step=draw.randint(1, 3), count=draw.randint(0, 90))
    guards = [(condition(draw, [variable(0)]), draw.random() < 0.7) for _ in range(draw.randint(1, 2))]
    assert held(guards, [counter]) == tried(guards, [counter])


@pytest.mark.parametrize("seed", range(80))
def test_conditions_of_a_nest_hold_where_they_are_true(seed):
    draw = random.Random(seed)
    nest = [Counter(variable=n, first=draw.randint(0, 3), step=1, count=draw.randint(1, 7)) for n in range(3)]
    leaves = draw.sample([variable(0), variable(1), variable(2)], draw.randint(1, 3))
    guards = [(condition(draw, draw.sample(leaves, 1)), True), (condition(draw, leaves), True)]
    assert held(guards, nest) == tried(guards, nest)


@pytest.mark.parametrize("seed", range(50))
def test_a_condition_repeats_itself_within_its_segments(seed):
    draw = random.Random(seed)
    counter = Counter(variable=0, first=draw.randint(-30, 9), step=draw.randint(1, 3), count=200)
    guard = condition(draw, [variable(0)])
    values = evaluate(guard, {0: counter.at(np.arange(200))})
    values = np.broadcast_to(values, (200,))
    found = segments([guard], counter, {}, 1000)
    assert [piece.start for piece in found] == [0, *(piece.start + piece.length for piece in found[:-1])]
    for piece in found:
        own = values[piece.start : piece.start + piece.length]
        assert (own[piece.period :] == own[: -piece.period]).all()


def test_a_million_iterations_cost_no_more_than_a_period():
    k = variable(0)
    third = of(arith.RemSIOp, of(arith.AddIOp, k, number(1)), number(3))
    guards = [(compare(0, third, number(0)), True), (compare(2, k, number(900_000_000)), True)]
    counter = Counter(variable=0, first=0, step=1, count=1_000_000_000)
    assert iterations_of(guards, [counter], {}) == [(Series(first=2, strides=((3, 300_000_000),)),)]


def test_what_holds_everywhere_is_told_as_none():
    counters = [Counter(variable=0, first=0, step=1, count=5), Counter(variable=1, first=0, step=1, count=7)]
    assert iterations_of([(compare(5, variable(1), number(0)), True)], counters, {}) == [None]
    assert iterations_of([], counters, {}) == [None]


def test_the_first_iteration_of_each_row_is_one_series():
    counters = [Counter(variable=0, first=0, step=1, count=1000), Counter(variable=1, first=0, step=1, count=64)]
    (found,) = iterations_of([(compare(0, variable(1), number(3)), True)], counters, {})
    assert found == (Series(first=3, strides=((64, 1000),)),)


def test_long_loops_without_a_pattern_are_refused():
    k = variable(0)
    guard = compare(0, of(arith.RemSIOp, of(arith.MulIOp, k, k), number(7919)), number(1))
    counter = Counter(variable=0, first=0, step=1, count=1 << 22)
    with pytest.raises(TooIrregular):
        iterations_of([(guard, True)], [counter], {})


def test_a_division_by_zero_has_no_value():
    guard = compare(0, of(arith.FloorDivSIOp, number(8), variable(0)), number(1))
    with pytest.raises(Undefined):
        iterations_of([(guard, True)], [Counter(variable=0, first=0, step=1, count=9)], {})


@pytest.mark.parametrize("seed", range(50))
def test_series_of_numbers_hold_these_numbers(seed):
    draw = random.Random(seed)
    numbers = np.array(sorted(draw.sample(range(60), draw.randint(0, 40))), np.int64)
    assert numbers_of(series_of(numbers)).tolist() == numbers.tolist()


def test_regular_numbers_are_one_series():
    numbers = numbers_of([Series(first=5, strides=((1000, 4), (100, 5), (1, 2)))])
    assert len(series_of(numbers)) == 1


def test_integers_wrap_as_their_types_do():
    narrow = computed(arith.TruncIOp, 8, (of(arith.AddIOp, variable(0), number(200)),))
    assert evaluate(narrow, {0: 0}) == -56
    assert evaluate(narrow, {0: np.array([0, 60])}).tolist() == [-56, 4]


def test_constants_are_computed_at_once():
    assert isinstance(of(arith.AddIOp, number(2), number(3)), Expression)
    assert of(arith.AddIOp, number(2), number(3)).value == 5
