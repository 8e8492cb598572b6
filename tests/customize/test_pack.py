"""Several elements lie in one word, with the values that they have apart."""

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Int, bool_, float16, float32, int8, int32, uint16

DEVICE = "xcu280@300"
SIZE = 16


FORMS = {
    int8: np.int8,
    uint16: np.uint16,
    Int(5): np.int8,
    bool_: np.bool_,
    float16: np.float16,
    float32: np.float32,
    Fixed(9, 4): np.float64,
}
"""Types of elements, and what NumPy holds them in."""


@pytest.mark.parametrize("dtype", FORMS, ids=str)
@pytest.mark.parametrize("factor", [2, 8])
def test_elements_of_every_type_keep_their_values(dtype, factor):
    def mixed(A: dtype[SIZE], at: int32[SIZE], Y: dtype[SIZE]):
        kept: dtype[2, SIZE] = 0
        for i in range(SIZE):
            kept[i % 2, SIZE - 1 - i] = A[i]
        for i in range(SIZE):
            kept[1, at[i]] = kept[0, i]
        for i in range(SIZE):
            Y[i] = kept[1, i]

    s = sp.customize(mixed)
    s.pack("kept", factor)
    choose = np.random.default_rng(factor)
    A = (choose.integers(-9, 9, SIZE) * 1.5).astype(FORMS[dtype])
    at = choose.integers(0, SIZE, SIZE).astype(np.int32)
    outputs = []
    for program, engine in ((mixed, "native"), (s, "native"), (s, "simpy")):
        Y = np.zeros_like(A)
        sp.simulate(program, A, at, Y, engine=engine, device=DEVICE)
        outputs.append(Y)
    assert all(np.array_equal(outputs[0], found) for found in outputs[1:])


def dot(A: int8[64], Y: int32[16]):
    words: int8[64]
    for i in range(64):
        words[i] = A[i]
    for k in range(16):
        total: int32 = 0
        for u in range(4, unroll=True):
            total += words[4 * k + u]
        Y[k] = total


def test_an_access_moves_a_word_where_a_loop_is_unrolled():
    s = sp.customize(dot)
    s.split("i", 4)
    s.unroll("i.inner")
    assert [loop.ii for loop in sp.report(s, device=DEVICE).loops] == [2, 2]
    words = s.pack("words", 4)
    s.simplify("i.outer")
    s.simplify("k")
    assert words.type == "uint32[16]"
    assert str(s.module).count("memref.load %words[") == 2
    assert str(s.module).count(", %words[") == 1
    assert [loop.ii for loop in sp.report(s, device=DEVICE).loops] == [1, 1]
    A, Y = np.arange(64, dtype=np.int8), np.zeros(16, np.int32)
    sp.simulate(s, A, Y, device=DEVICE)
    assert Y.tolist() == A.reshape(16, 4).sum(1).tolist()
