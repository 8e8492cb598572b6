"""Structs and fixed point as the user gives them: arrays, lists, numbers, tokens."""

from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Stream, UInt, bfloat16, float8_e4m3fn, float32, int32

Q = Fixed(16, 8)


@sp.struct
class Packet:
    data: int32
    last: bool


@sp.region()
def change(P: Packet[2], Y: Packet[2]):
    @sp.kernel(args=[P, Y])
    def work(P: Packet[2], Y: Packet[2]):
        for k in range(2):
            Y[k] = Packet(P[k].data + 1, not P[k].last)


@sp.region()
def square(A: Q[2], Y: Q[2]):
    @sp.kernel(args=[A, Y])
    def work(A: Q[2], Y: Q[2]):
        for k in range(2):
            Y[k] = A[k] * A[k]


@sp.region()
def scalars(q: Q, p: Packet, e: float8_e4m3fn, b: bfloat16, n: UInt(4), Y: float32[6]):
    @sp.kernel(args=[q, p, e, b, n, Y])
    def work(q: Q, p: Packet, e: float8_e4m3fn, b: bfloat16, n: UInt(4), Y: float32[6]):
        Y[0] = q
        Y[1] = p.data
        Y[2] = 1 if p.last else 0
        Y[3] = e
        Y[4] = b
        Y[5] = n


PAIRS = [(1, True), (2, False)]


@pytest.mark.parametrize(
    "given",
    [
        PAIRS,
        [Packet(1, True), Packet(last=False, data=2)],
        [{"data": 1, "last": True}, {"last": False, "data": 2}],
        np.array(PAIRS, sp.numpy_dtype(Packet)),
        np.array(PAIRS, np.dtype([("data", "i8"), ("last", "u1")], align=True)),
        np.array([(True, 1), (False, 2)], [("last", "?"), ("data", "f4")]),
        list(np.array(PAIRS, sp.numpy_dtype(Packet))),
    ],
    ids=["tuples", "records", "dictionaries", "own form", "wider and aligned", "other order", "elements"],
)
def test_structs_are_given_by_their_fields(given):
    Y = np.zeros(2, sp.numpy_dtype(Packet))
    sp.simulate(change, given, Y)
    assert Y.tolist() == [(2, False), (3, True)]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([(1, True, 2), (2, False, 3)], "the fields of `Packet` are `data`, `last`"),
        ([1, 2], r"a value of type `int` is no `Packet`: write `\(data, last\)`"),
        ([(1.5, True), (2, False)], "its field `data`: `1.5` does not fit `int32`"),
        ([(1, 2), (2, False)], "its field `last`: `2` does not fit `bool`"),
        ([("x", True), (2, False)], "its field `data`: a value of type `str` is no number"),
        ([{"date": 1, "last": True}] * 2, "the fields of `Packet` are `data`, `last`"),
        ([PAIRS, PAIRS[:1]], "its rows differ in length"),
        (np.array(PAIRS, [("a", "i4"), ("b", "?")]), r"hint: give it the type sp.numpy_dtype\(Packet\)"),
        (np.zeros(2), "has the type `float64`"),
        (np.array([(2**40, True)] * 2, [("data", "i8"), ("last", "?")]), "field `data`: the element at"),
    ],
)
def test_what_is_no_struct_is_told(given, told):
    with pytest.raises(sp.ProgramError, match=told):
        sp.simulate(change, given, np.zeros(2, sp.numpy_dtype(Packet)))


def test_structs_are_written_by_name_into_fields_that_hold_them():
    Y = np.zeros(2, np.dtype([("last", "u1"), ("more", "f8"), ("data", "f8")])[["last", "data"]])
    sp.simulate(change, PAIRS, Y)
    assert (Y["data"].tolist(), Y["last"].tolist()) == ([2.0, 3.0], [0, 1])
    with pytest.raises(
        sp.ProgramError, match=r"not all of which .* holds(.|\n)*np.zeros\(2, sp.numpy_dtype\(Packet\)\)"
    ):
        sp.simulate(change, PAIRS, np.zeros(2, [("data", "i2"), ("last", "?")]))


@pytest.mark.parametrize(
    "given",
    [
        [1.5, -2],
        [Fraction(3, 2), Fraction(-2)],
        np.array([1.5, -2], np.float16),
        np.array([1.5, -2], object),
        np.array([1.5, -2]).astype(ml_dtypes.float8_e5m2),
    ],
    ids=lambda given: str(getattr(given, "dtype", type(given[0]).__name__)),
)
def test_fixed_point_is_given_as_any_numbers_that_it_holds(given):
    Y = np.zeros(2, np.float32)
    sp.simulate(square, given, Y)
    assert Y.tolist() == [2.25, 4.0]


def test_fixed_point_that_would_be_rounded_is_refused():
    for given in ([1.501, 1], [Fraction(1, 3), 1], [float("nan"), 1], [1000, 1]):
        with pytest.raises(sp.ProgramError, match="does not hold exactly"):
            sp.simulate(square, given, np.zeros(2))


@pytest.mark.parametrize(("dtype", "holds"), [(np.float32, True), (object, True), (np.float16, False), (int, False)])
def test_fixed_point_is_written_where_every_value_has_a_place(dtype, holds):
    Y = np.zeros(2, dtype)
    if holds:
        sp.simulate(square, [0.5, 3], Y)
        assert Y.tolist() == [0.25, 9.0]
    else:
        with pytest.raises(sp.ProgramError, match=r"hint: make it `np.zeros\(2, np.float64\)`"):
            sp.simulate(square, [0.5, 3], Y)


def test_whole_fixed_point_is_written_into_integers():
    @sp.region()
    def top(Y: Fixed(8, -2)[1]):
        @sp.kernel(args=[Y])
        def work(Y: Fixed(8, -2)[1]):
            Y[0] = -512

    for dtype in (np.int16, np.int64):
        Y = np.zeros(1, dtype)
        sp.simulate(top, Y)
        assert Y.tolist() == [-512]
    with pytest.raises(sp.ProgramError, match="not all of which `int8` holds"):
        sp.simulate(top, np.zeros(1, np.int8))


@pytest.mark.parametrize(
    "given",
    [
        (1.5, (3, True), 0.5, 2.5, 7),
        (Fraction(3, 2), Packet(3, True), np.float64(0.5), np.float32(2.5), np.uint8(7)),
        (np.array(1.5), {"last": True, "data": 3}, ml_dtypes.float8_e4m3fn(0.5), ml_dtypes.bfloat16(2.5), np.int64(7)),
        (1.5, np.array((3, 1), [("data", "i8"), ("last", "i8")]), 0.5, 2.5, ml_dtypes.uint4(7)),
        (1.5, np.array([(3, True)], sp.numpy_dtype(Packet))[0], 0.5, 2.5, 7),
    ],
)
def test_scalars_of_every_type_are_given(given):
    Y = np.zeros(6, np.float32)
    sp.simulate(scalars, *given, Y)
    assert Y.tolist() == [1.5, 3.0, 1.0, 0.5, 2.5, 7.0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((1000, (3, True), 0.5, 0.5, 7), "`q` is declared as `Fixed.16, 8.`: `1000` does not fit `Fixed"),
        ((Fraction(1, 3), (3, True), 0.5, 0.5, 7), "`1/3` is no value of `Fixed"),
        ((1, (3.5, True), 0.5, 0.5, 7), "its field `data`: `3.5` does not fit `int32`"),
        ((1, 3, 0.5, 0.5, 7), "a value of type `int` is no `Packet`"),
        ((1, (3, True), "x", 0.5, 7), "`e` is declared as `float8_e4m3fn`: a value of type `str` is no number"),
        ((1, (3, True), 1e9, 0.5, 7), "`1000000000.0` does not fit `float8_e4m3fn`"),
        ((1, (3, True), 0.5, 0.5, 17), r"`n` is declared as `UInt\(4\)`: `17` does not fit"),
    ],
)
def test_a_scalar_that_its_type_does_not_hold_is_refused(given, told):
    with pytest.raises(sp.ProgramError, match=told):
        sp.simulate(scalars, *given, np.zeros(6, np.float32))


def test_tokens_of_structs_are_given_as_tuples():
    @sp.region()
    def top(source: Stream[Packet, 2], sink: Stream[Packet, 2]):
        @sp.kernel()
        def work():
            for _ in range(2):
                p = source.get()
                p.data = -p.data
                sink.put(p)

    run = sp.simulate(top, PAIRS)
    assert run.outputs["sink"].tolist() == [(-1, True), (-2, False)]
    with pytest.raises(sp.ProgramError, match=r"`source` takes tokens of type `Packet.*: the fields of `Packet`"):
        sp.simulate(top, [(1, 2, 3)])


def test_initial_tokens_are_structs_in_any_spelling():
    @sp.region()
    def top(Y: int32[3]):
        ring = sp.pipe(dtype=Packet, depth=4, initial=[Packet(5, False), (6, True), {"data": 7, "last": False}])

        @sp.kernel(args=[Y])
        def work(Y: int32[3]):
            for k in range(3):
                p = ring.get()
                Y[k] = p.data if p.last else -p.data
                ring.put(p)

    Y = np.zeros(3, np.int32)
    run = sp.simulate(top, Y, record=["ring"])
    assert Y.tolist() == [-5, 6, -7]
    assert run.trace["ring"].values[1] == {"data": 6, "last": True}
    with pytest.raises(sp.ProgramError, match=r"initial token 0 is no `Packet.*its field `last`: `7` does not fit"):
        sp.pipe(dtype=Packet, depth=2, initial=[(1, 7)])
