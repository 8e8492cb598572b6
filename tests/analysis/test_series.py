"""Arithmetic series of iterations."""

from spatial.analysis.series import Series, count_of, last_of, numbers_of

TILES = Series(first=3, strides=((100, 2), (10, 3)))


def test_the_first_pair_is_the_slowest():
    assert numbers_of([TILES]).tolist() == [3, 13, 23, 103, 113, 123]


def test_a_series_without_strides_is_one_number():
    assert numbers_of([Series(first=7)]).tolist() == [7]


def test_counts_and_ends_are_those_of_the_numbers():
    both = (TILES, Series(first=200, strides=((1, 5),)))
    assert count_of(both) == len(numbers_of(both)) == 11
    assert last_of(both) == numbers_of(both)[-1] == 204


def test_no_series_hold_no_numbers():
    assert (count_of(()), last_of(()), numbers_of(()).tolist()) == (0, -1, [])
