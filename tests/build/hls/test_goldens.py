"""The complete text of systolic arrays, which a person read; that of other sizes differs from it in numbers only."""

import re

import pytest

import spatial as sp
from examples.systolic.output_stationary import output_stationary
from spatial import Stream, float32, int8, int32

LONGEST = 200


def of_the_example(m, n):
    return output_stationary(m, n, 16, int8, int32)


def with_a_border(m, n):
    """The array whose kernel has its feeders and drains as a border."""
    k = 16

    @sp.region()
    def systolic(A: float32[m, k], B: float32[k, n], C: float32[m, n]):
        fifo_A: Stream[float32, 4][m + 2, n + 2]
        fifo_B: Stream[float32, 4][m + 2, n + 2]

        @sp.kernel(mapping=[m + 2, n + 2], args=[A, B, C])
        def pe(A: float32[m, k], B: float32[k, n], C: float32[m, n]):
            i, j = sp.get_pid()
            with sp.meta_if(i in {0, m + 1} and j in {0, n + 1}):
                pass
            with sp.meta_elif(j == 0):
                for t in range(k):
                    fifo_A[i, j + 1].put(A[i - 1, t])
            with sp.meta_elif(i == 0):
                for t in range(k):
                    fifo_B[i + 1, j].put(B[t, j - 1])
            with sp.meta_elif(i == m + 1):
                for t in range(k):
                    b: float32 = fifo_B[i, j].get()
            with sp.meta_elif(j == n + 1):
                for t in range(k):
                    a: float32 = fifo_A[i, j].get()
            with sp.meta_else():
                acc: float32 = 0
                for t in range(k):
                    a: float32 = fifo_A[i, j].get()
                    b: float32 = fifo_B[i, j].get()
                    acc += a * b
                    fifo_A[i, j + 1].put(a)
                    fifo_B[i + 1, j].put(b)
                C[i - 1, j - 1] = acc

    return systolic


ARRAYS = (of_the_example, with_a_border)


def text_of(make, m, n):
    return sp.build(make(m, n), target="hls").code


@pytest.mark.parametrize("make", ARRAYS)
def test_the_whole_text(make, golden):
    text = text_of(make, 4, 4)
    assert len(text.splitlines()) < LONGEST
    golden(text, f"{make.__name__}.cpp")


@pytest.mark.parametrize("make", ARRAYS)
def test_other_sizes_differ_in_numbers_only(make):
    words = re.sub(r"\d+", "#", text_of(make, 4, 4)).split()
    for m, n in ((8, 8), (3, 5)):
        assert re.sub(r"\d+", "#", text_of(make, m, n)).split() == words
