"""How many steps z -> z * z + c stays small, for H x W points c: a farm of P workers that take their time.

How long a point takes is known only when it is over, so every worker loops while it must. A dealer gives point n to
worker n modulo P, and a collector takes the results in the same order: what a slow worker owes, the others' channels
hold back.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float64, int32
from tests.conformance.program import Program

MOST = 20


def make(P, N, depth=2):
    @sp.region()
    def mandelbrot(re: float64[P * N], im: float64[P * N], steps: int32[P * N]):
        reals: Stream[float64, depth][P]
        imaginaries: Stream[float64, depth][P]
        counts: Stream[int32, depth][P]

        @sp.kernel(args=[re, im])
        def deal(re: float64[P * N], im: float64[P * N]):
            for n in range(N):
                for p in sp.meta_for(P):
                    reals[p].put(re[n * P + p])
                    imaginaries[p].put(im[n * P + p])

        @sp.kernel(mapping=[P])
        def worker():
            p = sp.get_pid()
            while True:
                c_re = reals[p].get()
                c_im = imaginaries[p].get()
                x: float64 = 0
                y: float64 = 0
                count: int32 = 0
                while count < MOST and x * x + y * y <= 4:
                    x, y = x * x - y * y + c_re, 2 * x * y + c_im
                    count += 1
                counts[p].put(count)

        @sp.kernel(args=[steps])
        def collect(steps: int32[P * N]):
            for n in range(N):
                for p in sp.meta_for(P):
                    steps[n * P + p] = counts[p].get()

    return mandelbrot


def reference(size, re, im):
    steps = np.zeros(re.shape, dtype=np.int32)
    for n, (c_re, c_im) in enumerate(zip(re, im, strict=True)):
        x = y = 0.0
        while steps[n] < MOST and x * x + y * y <= 4:
            x, y = x * x - y * y + c_re, 2 * x * y + c_im
            steps[n] += 1
    return steps


PROGRAM = Program(
    name="mandelbrot",
    make=make,
    sizes=((1, 4), (2, 8), (4, 6)),
    inputs=lambda random, P, N: (random.uniform(-2, 1, P * N), random.uniform(-1, 1, P * N)),
    reference=reference,
)
