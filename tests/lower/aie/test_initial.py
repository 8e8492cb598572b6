"""Tokens that channels begin with are on the device before anything is put, and take none of the other room."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from tests.lower.aie.performed import performed

STEPS, SIZE = 8, 16


def ring(begins: int, depth: int):
    """Two cores that put before they get, round a ring whose channels begin with tokens."""
    tokens = [np.arange(SIZE, dtype=np.int32) + 100 * n for n in range(begins)]

    @sp.region()
    def ring(A: int32[STEPS, SIZE], B: int32[STEPS, SIZE]):
        taken: Stream[int32[SIZE], 2]
        made: Stream[int32[SIZE], 2]
        there = sp.pipe(dtype=int32[SIZE], depth=depth, initial=tokens)
        back = sp.pipe(dtype=int32[SIZE], depth=depth, initial=tokens)

        @sp.kernel(args=[A])
        def load(A: int32[STEPS, SIZE]):
            for i in range(STEPS):
                taken.put(A[i])

        @sp.kernel()
        def one():
            for _ in range(STEPS):
                there.put(taken.get())
                made.put(back.get())

        @sp.kernel()
        def two():
            x: int32[SIZE] = 0
            for _ in range(STEPS):
                back.put(x)
                x = there.get()

        @sp.kernel(args=[B])
        def store(B: int32[STEPS, SIZE]):
            for i in range(STEPS):
                B[i] = made.get()

    return ring


@pytest.mark.parametrize(("begins", "depth"), [(1, 2), (2, 4)])
def test_a_ring_that_begins_with_tokens_runs_on(begins, depth):
    A = np.arange(STEPS * SIZE, dtype=np.int32).reshape(STEPS, SIZE)
    found, wanted = np.zeros_like(A), np.zeros_like(A)
    performed(ring(begins, depth), (A, found))
    sp.simulate(ring(begins, depth), A, wanted)
    np.testing.assert_array_equal(found, wanted)
