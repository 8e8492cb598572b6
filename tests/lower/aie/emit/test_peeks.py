"""Cores look at tokens ahead, at places that the program computes."""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from tests.lower.aie.performed import performed

N, WINDOW, BLOCK = 12, 4, 8
LEFT = N - WINDOW + 1


@sp.region()
def weighted(X: int32[N], Y: int32[LEFT]):
    numbers: Stream[int32, WINDOW]
    sums: Stream[int32, 2]

    @sp.kernel(args=[X])
    def load(X: int32[N]):
        for n in range(N):
            numbers.put(X[n])

    @sp.kernel()
    def look():
        for _ in range(LEFT):
            found: int32 = 0
            for k in range(WINDOW):
                found += (k + 1) * numbers.peek(k)
            sums.put(found)
            numbers.get()

    @sp.kernel(args=[Y])
    def store(Y: int32[LEFT]):
        for n in range(LEFT):
            Y[n] = sums.get()


@sp.region()
def chosen(X: int32[N * BLOCK], at: int32[LEFT], Y: int32[LEFT * BLOCK]):
    blocks: Stream[int32[BLOCK], WINDOW]
    found: Stream[int32[BLOCK], 2]

    @sp.kernel(args=[X])
    def load(X: int32[N * BLOCK]):
        for n in range(N):
            blocks.put(X[n * BLOCK : n * BLOCK + BLOCK])

    @sp.kernel(args=[at])
    def look(at: int32[LEFT]):
        for n in range(LEFT):
            found.put(blocks.peek(at[n]))
            blocks.get()

    @sp.kernel(args=[Y])
    def store(Y: int32[LEFT * BLOCK]):
        for n in range(LEFT):
            Y[n * BLOCK : n * BLOCK + BLOCK] = found.get()


def test_the_place_is_a_loop_s():
    x, y = np.random.default_rng(3).integers(-99, 100, N, dtype=np.int32), np.zeros(LEFT, np.int32)
    performed(weighted, (x, y))
    assert np.array_equal(y, np.lib.stride_tricks.sliding_window_view(x, WINDOW) @ np.arange(1, WINDOW + 1))


def test_the_place_of_a_block_is_read_from_an_array():
    random = np.random.default_rng(4)
    x, at = random.integers(-99, 100, N * BLOCK, dtype=np.int32), random.integers(0, WINDOW, LEFT, dtype=np.int32)
    y = np.zeros(LEFT * BLOCK, np.int32)
    performed(chosen, (x, at, y))
    assert np.array_equal(y.reshape(LEFT, BLOCK), x.reshape(N, BLOCK)[np.arange(LEFT) + at])
