"""Values of structs in Python."""

import copy
import pickle

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, int8, int32


@sp.struct
class Point:
    index: int32
    count: Fixed(8, 4)


def test_a_record_is_a_tuple_with_names():
    p = Point(3, count=0.5)
    assert p == (3, 0.5)
    assert (p.index, p.count) == (3, 0.5)
    assert repr(p) == "Point(index=3, count=0.5)"
    assert copy.deepcopy(p) == p
    assert repr(pickle.loads(pickle.dumps(p))) == repr(p)
    assert np.array([p, p], sp.numpy_dtype(Point))["index"].tolist() == [3, 3]


@pytest.mark.parametrize("given", [((1,), {}), ((1, 2, 3), {}), ((1,), {"index": 2}), ((), {"index": 1, "x": 2})])
def test_each_field_is_given_once(given):
    with pytest.raises(sp.ProgramError, match="the fields of `Point` are `index`, `count`, each is given once"):
        Point(*given[0], **given[1])


def test_a_record_is_a_constant_of_kernels():
    origin = Point(7, 0.25)

    @sp.struct
    class Line:
        begin: Point
        end: Point

    line = Line(origin, Point(1, -1))

    @sp.region()
    def top(Y: Fixed(16, 4)[6]):
        @sp.kernel(mapping=[2], args=[Y])
        def work(Y: Fixed(16, 4)[6]):
            i = sp.get_pid()
            mine = line.begin if i == 0 else line.end
            p = origin
            p.index += 1
            Y[3 * i] = p.index + p.count
            Y[3 * i + 1] = mine.index
            whole = line
            Y[3 * i + 2] = whole.end.count

    Y = np.zeros(6)
    sp.simulate(top, Y)
    assert Y.tolist() == [8.25, 7, -1, 8.25, 1, -1]


def test_a_record_that_its_struct_does_not_hold_is_told_where_it_is_used():
    wrong = Point(2**40, 0)

    @sp.region()
    def top(Y: int32[1]):
        @sp.kernel(args=[Y])
        def work(Y: int32[1]):
            p = wrong
            p.index += 1
            Y[0] = p.index

    with pytest.raises(
        sp.ProgramError, match="this is no value of `Point`: its field `index`: `1099511627776` does not"
    ):
        sp.simulate(top, np.zeros(1, np.int32))


def test_a_record_of_another_struct_is_no_value():
    @sp.struct
    class Other:
        index: int32
        count: int8

    with pytest.raises(sp.ProgramError, match="it is a `Other`, not a `Point`"):
        sp.pipe(dtype=Point, depth=2, initial=[Other(1, 2)])


def test_types_are_shown_as_they_are_written():
    assert repr([int8, Fixed(16, 8), Point, int8[4, 8]]) == (
        "[int8, Fixed(16, 8), Point{index: int32, count: Fixed(8, 4)}, int8[4, 8]]"
    )
