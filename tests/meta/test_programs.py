"""Arbitrary Python on compile-time values, where programs decide with it."""

import functools
import math
from dataclasses import dataclass

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, UInt, int8, int32

ROUTES = {0: "left", 1: "right"}
TABLE = np.array([[3, 1], [2, 0]])
WIDTHS = [4, 8, 16]


@dataclass(frozen=True)
class Config:
    """A user's own class."""

    rows: int
    skip: tuple[int, ...] = ()

    def used(self):
        return [n for n in range(self.rows) if n not in self.skip]

    @property
    def last(self):
        return self.used()[-1]


CONFIG = Config(rows=6, skip=(2, 4))


@functools.cache
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def neighbours(i, n):
    for step in (-1, 1):
        if 0 <= i + step < n:
            yield i + step


def result(region, size=8):
    C = np.zeros(size, np.int32)
    sp.simulate(region, C)
    return C.tolist()


def test_dictionaries_and_texts_decide():
    @sp.region()
    def region(C: int32[8]):
        @sp.kernel(mapping=[2], args=[C])
        def pe(C: int32[8]):
            i = sp.get_pid()
            way = ROUTES.get(i, "nowhere")
            with sp.meta_if(f"{way}-{i}" == "left-0" and way.startswith("l")):
                C[0] = 1
            with sp.meta_elif(way in {"right", "up"}):
                C[len(way)] = len(ROUTES)

    assert result(region) == [1, 0, 0, 0, 0, 2, 0, 0]


def test_comprehensions_lambdas_and_functions_give_numbers():
    @sp.region()
    def region(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            squares = [n * n for n in range(8) if n % 2]
            chosen = max(squares, key=lambda s: -abs(s - 20))
            C[0] = chosen
            C[1] = fibonacci(10)
            C[2] = math.isqrt(50) + math.gcd(12, 18)
            C[3] = sum(squares) // len(squares)
            C[4] = {k: v for v, k in enumerate("abc")}["c"]
            C[5] = sorted({5, 3, 9}, reverse=True)[0]
            C[6] = int(np.sum(TABLE[0]))
            C[7] = functools.reduce(lambda a, b: a * b, WIDTHS)

    assert result(region) == [25, 55, 13, 21, 2, 9, 4, 512]


def test_objects_of_the_users_classes_decide():
    @sp.region()
    def region(C: int32[8]):
        @sp.kernel(mapping=[CONFIG.rows], args=[C])
        def pe(C: int32[8]):
            i = sp.get_pid()
            with sp.meta_if(i in CONFIG.used() and i != CONFIG.last):
                C[i] = 10 + i

    assert result(region) == [10, 11, 0, 13, 0, 0, 0, 0]


def test_channels_are_picked_by_tables():
    @sp.region()
    def region(C: int32[8]):
        net: Stream[int32, 2][2, 2]

        @sp.kernel(mapping=[2])
        def start():
            i = sp.get_pid()
            for j in sp.meta_for(2):
                net[divmod(TABLE[i, j], 2)].put(TABLE[i, j] * 10)

        @sp.kernel(mapping=[2, 2], args=[C])
        def end(C: int32[8]):
            i, j = sp.get_pid()
            C[2 * i + j] = net[i, j].get()

    assert result(region)[:4] == [0, 10, 20, 30]


def test_generators_are_repeated():
    @sp.region()
    def region(C: int32[8]):
        links: Stream[int32, 2][4, 4]

        @sp.kernel(mapping=[4], args=[C])
        def pe(C: int32[8]):
            i = sp.get_pid()
            for other in sp.meta_for(neighbours(i, 4)):
                links[i, other].put(i + 1)
            total: int32 = 0
            with sp.meta_for(list(neighbours(i, 4))) as other:
                total += links[other, i].get()
            C[i] = total

    assert result(region)[:4] == [2, 4, 6, 3]


def test_pairs_are_taken_apart():
    @sp.region()
    def region(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            low, high = min(WIDTHS), max(WIDTHS)
            for n, width in sp.meta_for(enumerate(WIDTHS)):
                C[n] = width * low
            for a, b in sp.meta_for(zip("ab", (5, 6), strict=True)):
                C[ord(a) - ord("a") + 4] = b + high

    assert result(region) == [16, 32, 64, 0, 21, 22, 0, 0]


def test_pairs_in_pairs_are_taken_apart():
    @sp.region()
    def nested(C: int32[8]):
        @sp.kernel(mapping=[2], args=[C])
        def pe(C: int32[8]):
            i = sp.get_pid()
            x, (y, z) = i, (i + 1, (2, 3)[i])
            C[4 * i] = x
            for n, (p, (q, r)) in sp.meta_for([(1, (1, (2, 3))), (2, (4, (5, 6 + i)))]):
                C[4 * i + n] = p * q * r * y
            C[4 * i + 3] = z

    C = np.zeros(8, np.int32)
    sp.simulate(nested, C)
    assert C.tolist() == [0, 6, 120, 2, 1, 12, 280, 3]


@pytest.mark.parametrize("bits", [3, 8, 12])
def test_types_and_extents_are_computed(bits):
    def word(n):
        return UInt(n) if n != 8 else int8

    @sp.region()
    def region(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            narrow: word(bits) = 200
            buffer: int32[math.ceil(bits / 2), 2]
            C[0] = buffer.size
            buffer[buffer.shape[0] - 1, 1] = 7
            C[1] = buffer[-1, 1]
            C[2] = narrow

    wrapped = {3: None, 8: None, 12: 200}[bits]
    if wrapped is None:
        with pytest.raises(sp.ProgramError, match="does not fit"):
            result(region)
    else:
        assert result(region)[:3] == [12, 7, 200]


def test_streams_tell_their_shape():
    @sp.region()
    def region(C: int32[8]):
        lanes: Stream[int32, 2][3, 2]

        @sp.kernel()
        def start():
            for i in sp.meta_for(lanes.shape[0]):
                for j in sp.meta_for(lanes.shape[1]):
                    lanes[i, j].put(i * 10 + j)

        @sp.kernel(args=[C])
        def end(C: int32[8]):
            for n in sp.meta_for(math.prod(lanes.shape)):
                C[n] = lanes[divmod(n, 2)].get()

    assert result(region)[:6] == [0, 1, 10, 11, 20, 21]


def test_shapes_of_parameters_bound_loops():
    @sp.region()
    def region(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            for k in range(C.shape[0] - 1):
                C[k] = k
            with sp.meta_if(len(C) > 4 and C.ndim == 1):
                C[len(C) - 1] = C.size

    assert result(region) == [0, 1, 2, 3, 4, 5, 6, 8]


def test_many_repetitions_take_time_in_proportion():
    @sp.region()
    def region(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            for n in sp.meta_for(2000):
                x = C[n % 8] + n
                C[n % 8] = x

    assert result(region) == [sum(range(k, 2000, 8)) for k in range(8)]
