"""What is done once for several: loads, stores and arithmetic of an iteration, where nothing comes between them."""

import re

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int32
from tests.sim.programs import region_of


def counts(s, *kinds):
    """How many operations of each kind a program has."""
    text = str(s.module)
    return tuple(len(re.findall(rf"\b{kind}\b", text)) for kind in kinds)


def test_lanes_share_what_they_all_compute():
    def scaled(A: float32[8], B: float32[8, 12], C: float32[8, 12]):
        for i in range(8):
            for j in range(12):
                C[i, j] += 0.5 * A[i] * B[i, j]

    s = sp.customize(scaled)
    s.unroll("j", 4)
    assert counts(s, "arith.mulf", "memref.load") == (8, 12)
    s.simplify("j")
    assert counts(s, "arith.mulf", "memref.load") == (5, 9)
    A, B, C = (np.random.default_rng(0).random(shape, np.float32) for shape in (8, (8, 12), (8, 12)))
    expected = C + (np.float32(0.5) * A)[:, None] * B
    sp.simulate(s, A, B, C)
    assert (expected == C).all()


def test_a_sum_in_memory_is_loaded_and_stored_once():
    def sums(A: int32[4, 8], y: int32[4]):
        for i in range(4):
            for k in range(8):
                y[i] += A[i, k]

    s = sp.customize(sums)
    s.unroll("k", 4)
    assert counts(s, "memref.load", "memref.store") == (8, 4)
    s.simplify("k")
    assert counts(s, "memref.load", "memref.store") == (5, 1)


@pytest.mark.parametrize(
    ("between", "loads"),
    [
        ("B[k] = 1", 1),  # another array
        ("A[k + 1] = 1", 1),  # surely another element
        ("A[2 * k] = 1", 2),  # may be the same
        ("if N[k] == 3:\n    A[k] = 1", 2),
        ("if N[k] == 3:\n    B[k] = 1", 1),
        ("for m in range(3):\n    A[m] = 1", 2),
        ("for m in range(3):\n    B[m] = 1", 1),
        ("fifo.put(0)", 2),  # who takes it may store to A
    ],
)
def test_a_value_is_at_hand_until_something_may_have_changed_it(between, loads):
    lines = ["x = A[k]", *between.split("\n"), "C[k] = x + A[k]", "C[k] += 1"]
    s = sp.customize(region_of(HEAD + "\n".join(" " * 12 + line for line in lines) + TAIL, int32=int32, Stream=Stream))
    before = simulated(s)
    s.simplify("k")
    assert len(re.findall(r"memref.load %A\b", str(s.module))) == loads
    assert simulated(s) == before


HEAD = """
@sp.region()
def net(A: int32[16], B: int32[16], C: int32[16], N: int32[16]):
    fifo: Stream[int32, 16]

    @sp.kernel()
    def pe(A: int32[16], B: int32[16], C: int32[16], N: int32[16]):
        for k in range(8):
"""
TAIL = """
        fifo.put(1)

    @sp.kernel()
    def sink():
        while True:
            x: int32 = fifo.get()
"""


def simulated(s):
    """What is in the arrays after a run."""
    arrays = [np.random.default_rng(n).integers(0, 5, 16, np.int32) for n in range(4)]
    sp.simulate(s, *arrays)
    return [array.tolist() for array in arrays]


def test_a_store_stays_that_someone_may_read():
    def kept(A: int32[8], B: int32[8]):
        for k in range(8):
            A[k] = 1
            B[k] = A[7 - k]
            B[k] += 1
            A[k] = 2

    def dropped(A: int32[8], B: int32[8]):
        for k in range(8):
            A[k] = 1
            B[k] = A[k]
            B[k] += 1
            A[k] = 2

    stores = []
    for program in (kept, dropped):
        s = sp.customize(program)
        A, B, C, D = (np.arange(8, dtype=np.int32) for _ in range(4))
        sp.simulate(s, A, B)
        s.simplify("k")
        sp.simulate(s, C, D)
        assert A.tolist() == C.tolist()
        assert B.tolist() == D.tolist()
        stores += counts(s, "memref.store")
    assert stores == [3, 2]


def test_one_array_under_two_names_is_one():
    region = region_of(
        """
@sp.region()
def net(A: int32[8], C: int32[8]):
    @sp.kernel(args=[A, A, C])
    def pe(X: int32[8], Y: int32[8], C: int32[8]):
        for k in range(7):
            C[k] = X[k]
            Y[k] = 9
            C[k] += X[k]
""",
        int32=int32,
    )
    s = sp.customize(region)
    s.simplify("k")
    A, C = np.arange(8, dtype=np.int32), np.zeros(8, np.int32)
    sp.simulate(s, A, C)
    assert C.tolist() == [9 + k for k in range(7)] + [0]


def test_what_branches_load_comes_ahead_of_them_where_there_is_such_an_element():
    def lower(A: int32[8], B: int32[8, 8], C: int32[8, 8]):
        for i in range(8):
            for j in range(8):
                if j < i:
                    C[i, j] = A[i] * B[i, j] + B[i, j + 1]
                if j + 1 < i:
                    C[i, j] += A[i]

    s = sp.customize(lower)
    A, B, C = (np.random.default_rng(n).integers(0, 99, shape, np.int32) for n, shape in enumerate((8, (8, 8), (8, 8))))
    before, after = C.copy(), C.copy()
    sp.simulate(s, A, B, before)
    s.simplify("j")
    sp.simulate(s, A, B, after)
    assert (before == after).all()
    text = str(s.module)
    first, second = text.split("scf.if")[:2]
    assert len(re.findall(r"memref.load %A\b", text)) == len(re.findall(r"memref.load %A\b", first)) == 1
    assert len(re.findall(r"memref.load %B\b", first)) == 1  # B[i, j]
    assert len(re.findall(r"memref.load %B\b", second)) == 1  # B[i, j + 1] may be outside where the branch is not taken


def test_a_division_stays_where_its_divisor_is_not_zero():
    def divided(A: int32[8], B: int32[8]):
        for i in range(8):
            if A[i] != 0:
                B[i] = 100 // A[i]
            B[i] += 1

    s = sp.customize(divided)
    s.simplify("i")
    A, B = np.array([0, 1, 2, 0, 5, 3, 4, 0], np.int32), np.zeros(8, np.int32)
    sp.simulate(s, A, B)
    assert B.tolist() == [1, 101, 51, 1, 21, 34, 26, 1]
