"""Structs as tokens, elements and locals."""

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Int, UInt, bfloat16, bool_, float32, int8, int16, int32
from spatial.ir.dtypes import parse_type


@sp.struct
class Point:
    x: int16
    y: Fixed(8, 4)


@sp.struct
class Packet:
    data: int32
    scale: float32
    at: Point
    last: bool


TABLE = [(1, 0.5, (2, 0.25), False), (-1, -0.0, (-2, -8.0), True)]


def test_a_struct_reads_back_from_its_text_and_has_a_numpy_form():
    assert str(Packet) == "Packet{data: int32, scale: float32, at: Point{x: int16, y: Fixed(8, 4)}, last: bool}"
    assert parse_type(str(Packet)) == Packet
    assert parse_type(str(Packet[2, 3])) == Packet[2, 3]
    assert Packet.bits == 32 + 32 + 16 + 8 + 1
    assert sp.numpy_dtype(Point) == np.dtype([("x", np.int16), ("y", np.float64)])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "has no field"),
        ({"x": int32}, "has fields with types, nothing else: not `x`"),
        ({"__annotations__": {"x": int32[4]}}, "which is no scalar"),
        ({"__annotations__": {"x": UInt(1024), "y": bool}}, "has 1025 bits, at most 1024"),
        ({"__annotations__": {"x": "missing"}}, "`missing` in the struct `Wrong` is not defined"),
    ],
)
def test_a_class_that_is_no_struct_is_told(body, told):
    with pytest.raises(sp.ProgramError, match=told):
        sp.struct(type("Wrong", (), body))


def test_fields_are_read_and_assigned_wherever_a_struct_lies():
    @sp.region()
    def top(A: int32[4], P: Packet[4], S: float32[4]):
        fifo: sp.Stream[Packet, 2]

        @sp.kernel(args=[A])
        def send(A: int32[4]):
            for k in range(4):
                p = Packet(A[k], 0.5, Point(1, y=0.25), last=k == 3)
                p.scale = p.scale * 3
                p.at.x += k
                fifo.put(p)

        @sp.kernel(args=[P, S])
        def receive(P: Packet[4], S: float32[4]):
            for k in range(4):
                got = fifo.get()
                P[k] = got
                P[k].data += 1
                P[k].at.y = 0.3
                S[k] = got.scale

    A = np.array([5, -5, 2**31 - 1, 0], np.int32)
    P, S = np.zeros(4, sp.numpy_dtype(Packet)), np.zeros(4, np.float32)
    run = sp.simulate(top, A, P, S, record=["fifo"])
    assert P["data"].tolist() == [6, -4, -(2**31), 1]
    assert P["scale"].tolist() == S.tolist() == [1.5] * 4
    assert P["at"]["x"].tolist() == [1, 2, 3, 4]
    assert P["at"]["y"].tolist() == [0.25] * 4
    assert P["last"].tolist() == [False, False, False, True]
    assert run.trace["fifo"].values[1] == {"data": -5, "scale": 1.5, "at": {"x": 2, "y": 0.25}, "last": False}
    assert run.cycles == 5


def test_structs_are_equal_where_their_fields_are():
    @sp.struct
    class Pair:
        a: float32
        b: int8

    @sp.region()
    def top(P: Pair[4], Q: Pair[4], E: bool_[4], N: bool_[4]):
        @sp.kernel(args=[P, Q, E, N])
        def compare(P: Pair[4], Q: Pair[4], E: bool_[4], N: bool_[4]):
            for k in range(4):
                E[k] = P[k] == Q[k]
                N[k] = P[k] != (P[k] if k < 2 else Q[k])

    form = sp.numpy_dtype(Pair)
    P = np.array([(0.0, 1), (np.nan, 1), (1.0, 2), (1.0, 3)], form)
    Q = np.array([(-0.0, 1), (np.nan, 1), (1.0, 2), (1.0, 4)], form)
    E, N = np.zeros(4, bool), np.zeros(4, bool)
    sp.simulate(top, P, Q, E, N)
    assert E.tolist() == [True, False, True, False]
    assert N.tolist() == [False, True, False, True]


def test_a_table_of_structs_is_written_as_tuples():
    @sp.region()
    def top(P: Packet[2]):
        @sp.kernel(args=[P])
        def copy(P: Packet[2]):
            table: Packet[2] = TABLE
            for k in range(2):
                P[k] = table[1 - k]

    P = np.zeros(2, sp.numpy_dtype(Packet))
    sp.simulate(top, P)
    assert P.tolist() == TABLE[::-1]


def test_structs_of_odd_and_wide_fields_keep_every_bit():
    @sp.struct
    class Odd:
        a: Int(3)
        b: UInt(70)
        c: bfloat16
        d: sp.index
        e: sp.float8_e4m3fn

    @sp.region()
    def top(P: Odd[3], Q: Odd[3]):
        @sp.kernel(args=[P, Q])
        def copy(P: Odd[3], Q: Odd[3]):
            for k in range(3):
                Q[k] = Odd(P[k].a, P[k].b, P[k].c, P[k].d, P[k].e)
                Q[k].b[69] = True

    values = [(-4, 2**69 - 1, -1.5, -(2**63), 448.0), (3, 0, 0.0, 5, -0.5), (-1, 7, np.inf, 2**63 - 1, 0.0)]
    P, Q = np.array(values, sp.numpy_dtype(Odd)), np.zeros(3, sp.numpy_dtype(Odd))
    sp.simulate(top, P, Q)
    assert Q["b"].tolist() == [2**70 - 1, 2**69, 2**69 + 7]
    for field in "acde":
        assert Q[field].tolist() == P[field].tolist()


def test_an_element_outside_of_a_fields_type_names_the_field():
    @sp.struct
    class Nibble:
        n: UInt(4)

    @sp.region()
    def top(P: Nibble[2]):
        @sp.kernel(args=[P])
        def work(P: Nibble[2]):
            P[0].n = 1

    with pytest.raises(sp.ProgramError, match=r"field `n`: the element at \[1\] is 16"):
        sp.simulate(top, np.array([(1,), (16,)], sp.numpy_dtype(Nibble)))


def test_declared_locals_are_told_as_their_types_read():
    @sp.region()
    def top(A: UInt(8)[4]):
        fifo: sp.Stream[UInt(8), 2]

        @sp.kernel(args=[A])
        def send(A: UInt(8)[4]):
            x: UInt(8) = 0
            share: Fixed(8, 4) = 0
            point = Point(1, 0.5)
            for k in range(4):
                x = A[k]
                share += 0.25
                point.x += 1
                fifo.put(x)

        @sp.kernel()
        def take():
            fifo.get()
            while fifo.get() != 0:
                pass

    run = sp.simulate(top, np.array([200, 201, 202, 203], np.uint8), until=3)
    assert {"x", "share", "point"} <= run.actors["send[0]"].locals.keys()
    assert run.actors["send[0]"].locals["x"] >= 200
    assert run.actors["send[0]"].locals["share"] in (0.25, 0.5, 0.75, 1.0)
    assert run.actors["send[0]"].locals["point"]["y"] == 0.5


def test_locals_that_are_bound_once_are_told_as_their_types_read():
    @sp.region()
    def top(A: UInt(8)[4]):
        fifo: sp.Stream[Point, 2]

        @sp.kernel(args=[A])
        def send(A: UInt(8)[4]):
            fifo.put(Point(3, -0.5))
            fifo.put(Point(A[0], 0))

        @sp.kernel()
        def take():
            p = fifo.get()
            square = p.y * p.y
            rounded: Fixed(8, 1) = square
            wide: UInt(8) = p.x + 200
            word = sp.pack(p, p)
            q = fifo.get()
            more = fifo.get()
            assert square + rounded + wide + word[0] + q.x == more.x

    found = sp.simulate(top, [1, 2, 3, 4], on_deadlock="return").actors["take[0]"].locals
    assert found["p"] == {"x": 3, "y": -0.5}
    assert found["q"] == {"x": 1, "y": 0.0}
    assert found.get("square", 0.25) == 0.25
    assert found.get("rounded", 0.0) == 0.0
    assert found.get("wide", 203) == 203
