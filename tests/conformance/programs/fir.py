"""A finite impulse response filter, y[n] = sum of h[t] * x[n - t], on a PE for each tap.

    x -> [h0] -> [h1] -> [h2]
    0 -> [  ] -> [  ] -> [  ] -> y

A PE adds its product to the passing sum. It hands on not the sample it just got but the one before, so that the PE
behind it works on an older one; before the first sample there are zeros. Cycles: N samples pass T + 1 channels.
"""

import numpy as np

import spatial as sp
from spatial import Stream, int16, int64
from tests.conformance.program import Program


def make(T, N, depth=2):
    @sp.region()
    def fir(h: int16[T], x: int16[N], y: int64[N]):
        samples: Stream[int16, depth][T]
        sums: Stream[int64, depth][T + 1]

        @sp.kernel(args=[x])
        def source(x: int16[N]):
            for n in range(N):
                samples[0].put(x[n])
                sums[0].put(0)

        @sp.kernel(mapping=[T], args=[h])
        def tap(h: int16[T]):
            t = sp.get_pid()
            before: int16 = 0
            for n in range(N):
                sample = samples[t].get()
                sums[t + 1].put(sums[t].get() + h[t] * sample)
                with sp.meta_if(t + 1 < T):
                    samples[t + 1].put(before)
                before = sample

        @sp.kernel(args=[y])
        def sink(y: int64[N]):
            for n in range(N):
                y[n] = sums[T].get()

    return fir


def inputs(random, T, N):
    return random.integers(-(2**15), 2**15, T, dtype=np.int16), random.integers(-(2**15), 2**15, N, dtype=np.int16)


def reference(size, h, x):
    return np.convolve(h.astype(np.int64), x.astype(np.int64))[: len(x)]


PROGRAM = Program(
    name="fir",
    make=make,
    sizes=((1, 4), (4, 16), (8, 20)),
    inputs=inputs,
    reference=reference,
    cycles=lambda T, N: N + T + 1,
)
