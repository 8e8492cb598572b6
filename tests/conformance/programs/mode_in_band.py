"""A row of PEs whose operation is a number at the head of each block of data.

A block is its mode followed by N values. A PE takes the mode, hands it on, and then treats the values by it and by a
number of its own: mode 0 leaves them, 1 adds the number, 2 keeps the larger of the two, 3 multiplies by it. The PEs
know nothing of how many blocks come: they serve for ever, and the run is over when the last block is stored. Cycles: a
PE takes N + 2 for a block, since taking a mode and handing it on are two, so each is two behind the one before; the
channels must hold what comes meanwhile.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int32, uint8
from tests.conformance.program import Program


def treated(value, mode, own):
    if mode == 1:
        return value + own
    if mode == 2:
        return max(value, own)
    if mode == 3:
        return value * own
    return value


def make(P, B, N, depth=2):
    @sp.region()
    def modes(own: int32[P], mode: uint8[B], X: int32[B, N], Y: int32[B, N]):
        flow: Stream[int32, depth][P + 1]

        @sp.kernel(args=[mode, X])
        def source(mode: uint8[B], X: int32[B, N]):
            for b in range(B):
                flow[0].put(mode[b])
                for n in range(N):
                    flow[0].put(X[b, n])

        @sp.kernel(mapping=[P], args=[own])
        def pe(own: int32[P] @ sp.S(0)):
            p = sp.get_pid()
            while True:
                how = flow[p].get()
                flow[p + 1].put(how)
                for n in range(N):
                    flow[p + 1].put(treated(flow[p].get(), how, own[0]))

        @sp.kernel(args=[Y])
        def sink(Y: int32[B, N]):
            for b in range(B):
                flow[P].get()
                for n in range(N):
                    Y[b, n] = flow[P].get()

    return modes


def inputs(random, P, B, N):
    own, X = random.integers(-9, 10, P, dtype=np.int32), random.integers(-9, 10, (B, N), dtype=np.int32)
    return own, np.arange(B, dtype=np.uint8) % 4, X


def reference(size, own, mode, X):
    Y = X.copy()
    for block, how in zip(Y, mode, strict=True):
        for number in own:
            block[:] = (block, block + number, np.maximum(block, number), block * number)[how]
    return Y


PROGRAM = Program(
    name="mode_in_band",
    make=make,
    sizes=((1, 1, 1), (2, 4, 3), (4, 8, 5)),
    inputs=inputs,
    reference=reference,
    depths=(1, 2, 3, 16),
    cycles=lambda P, B, N: B * (N + 2) + 2 * P,
    full_speed=3,
)
