"""How many steps z -> z * z + c stays small, for H x W points c: a farm of P workers that take their time.

How long a point takes is known only when it is over, so every worker loops while it must. A dealer gives point n to
worker n modulo P. Results come in the order in which they are ready, merged into one stream; each says which point it
is of.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float64, int32
from tests.conformance.program import Program

MOST = 20


@sp.struct
class Result:
    point: int32
    steps: int32


def make(P, N, depth=2):
    @sp.region()
    def mandelbrot(re: float64[P * N], im: float64[P * N], steps: int32[P * N]):
        reals: Stream[float64, depth][P]
        imaginaries: Stream[float64, depth][P]
        results: Stream[Result, depth][P]

        @sp.kernel(args=[re, im])
        def deal(re: float64[P * N], im: float64[P * N]):
            for n in range(N):
                for p in sp.meta_for(P):
                    reals[p].put(re[n * P + p])
                    imaginaries[p].put(im[n * P + p])

        @sp.kernel(mapping=[P])
        def worker():
            p = sp.get_pid()
            point: int32 = p
            while True:
                c_re, c_im = reals[p].get(), imaginaries[p].get()
                x: float64 = 0
                y: float64 = 0
                count: int32 = 0
                while count < MOST and x * x + y * y <= 4:
                    x, y = x * x - y * y + c_re, 2 * x * y + c_im
                    count += 1
                results[p].put(Result(point, count))
                point += P

        merged = sp.merge(results)

        @sp.kernel(args=[steps])
        def collect(steps: int32[P * N]):
            for n in range(P * N):
                result = merged.get()
                steps[result.point] = result.steps

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
    clock_dependent=True,
)
