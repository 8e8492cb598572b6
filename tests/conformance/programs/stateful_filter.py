"""A recursive filter of S biquad sections in a row, called once for each block of N samples.

A section keeps two numbers from sample to sample, and from call to call: `@ sp.Stateful` makes a local outlive a call
of the built module, so that blocks one after the other give what the whole signal would. In float32, section s makes
y = b0 x + d1, then d1 = b1 x - a1 y + d2 and d2 = b2 x - a2 y. Cycles of a call: N samples pass S sections.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float32
from tests.conformance.program import Program

CALLS = 3
SECTION = np.array([0.25, 0.5, 0.25, -0.6, 0.3])  # b0, b1, b2, a1, a2


def coefficients(S):
    return (SECTION * (1 + 0.01 * np.arange(S)[:, None])).astype(np.float32)


def make(S, N, depth=2):
    table = coefficients(S)

    @sp.region()
    def biquads(X: float32[N], Y: float32[N]):
        samples: Stream[float32, depth][S + 1]

        @sp.kernel(args=[X])
        def source(X: float32[N]):
            for n in range(N):
                samples[0].put(X[n])

        @sp.kernel(mapping=[S])
        def section():
            s = sp.get_pid()
            b0, b1, b2, a1, a2 = table[s]
            d1: float32 @ sp.Stateful = 0
            d2: float32 @ sp.Stateful = 0
            for n in range(N):
                x = samples[s].get()
                y = b0 * x + d1
                d1 = b1 * x - a1 * y + d2
                d2 = b2 * x - a2 * y
                samples[s + 1].put(y)

        @sp.kernel(args=[Y])
        def sink(Y: float32[N]):
            for n in range(N):
                Y[n] = samples[S].get()

    return biquads


def reference(size, X):
    signal = X.reshape(-1)
    for b0, b1, b2, a1, a2 in coefficients(size[0]):
        d1 = d2 = np.float32(0)
        out = np.empty_like(signal)
        for n, x in enumerate(signal):
            out[n] = y = b0 * x + d1
            d1, d2 = b1 * x - a1 * y + d2, b2 * x - a2 * y
        signal = out
    return signal.reshape(X.shape)


PROGRAM = Program(
    name="stateful_filter",
    make=make,
    sizes=((1, 4), (2, 7), (4, 10)),
    inputs=lambda random, S, N: (random.normal(size=(CALLS, N)).astype(np.float32),),
    reference=reference,
    calls=CALLS,
    cycles=lambda S, N: CALLS * (N + S + 1),
)
