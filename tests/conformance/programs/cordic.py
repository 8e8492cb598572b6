"""Cosine and sine of N angles in fixed point by CORDIC: a pipeline of S stages that only shift and add.

A vector starts on the x axis, shortened by what all stages will stretch it. Stage s turns it by atan(2^-s), towards the
angle that is left: the product with 2^-s is a shift. Numbers have 16 bits behind the point, every result is rounded
down to that. Cycles: N vectors, one a cycle, pass S stages.
"""

import numpy as np

import spatial as sp
from spatial import Fixed, Stream
from tests.conformance.program import Program

FRACTION = 16
NUMBER = Fixed(19, FRACTION)


def turns(S):
    """The angle of each stage, and the length of a vector that all of them stretch to 1."""
    powers = 2.0 ** -np.arange(S)
    return sp.quantize(np.arctan(powers), NUMBER), sp.quantize(np.prod(1 / np.sqrt(1 + powers**2)), NUMBER)


def make(S, N, depth=2):
    angles, start = turns(S)

    @sp.region()
    def cordic(angle: NUMBER[N], cosine: NUMBER[N], sine: NUMBER[N]):
        xs: Stream[NUMBER, depth][S + 1]
        ys: Stream[NUMBER, depth][S + 1]
        left: Stream[NUMBER, depth][S]

        @sp.kernel(args=[angle])
        def source(angle: NUMBER[N]):
            for n in range(N):
                xs[0].put(start)
                ys[0].put(0)
                left[0].put(angle[n])

        @sp.kernel(mapping=[S])
        def stage():
            s = sp.get_pid()
            for n in range(N):
                x, y, z = xs[s].get(), ys[s].get(), left[s].get()
                up = z >= 0
                xs[s + 1].put(x - y * 2.0**-s if up else x + y * 2.0**-s)
                ys[s + 1].put(y + x * 2.0**-s if up else y - x * 2.0**-s)
                with sp.meta_if(s + 1 < S):
                    left[s + 1].put(z - angles[s] if up else z + angles[s])

        @sp.kernel(args=[cosine, sine])
        def sink(cosine: NUMBER[N], sine: NUMBER[N]):
            for n in range(N):
                cosine[n] = xs[S].get()
                sine[n] = ys[S].get()

    return cordic


def reference(size, angle):
    angles, start = turns(size[0])
    x, y, z = np.full_like(angle, start), np.zeros_like(angle), angle
    for s, turn in enumerate(angles):
        sign = np.where(z >= 0, 1, -1)
        x, y, z = rounded(x - sign * y * 2.0**-s), rounded(y + sign * x * 2.0**-s), z - sign * turn
    assert np.allclose(x, np.cos(angle), atol=2.0 ** (1 - size[0]) + size[0] * 2.0**-FRACTION)
    return x, y


def rounded(numbers):
    return np.floor(numbers * 2.0**FRACTION) / 2.0**FRACTION


PROGRAM = Program(
    name="cordic",
    make=make,
    sizes=((1, 3), (4, 6), (12, 10)),
    inputs=lambda random, S, N: (sp.quantize(random.uniform(-1.5, 1.5, N), NUMBER),),
    reference=reference,
    cycles=lambda S, N: N + S + 1,
)
