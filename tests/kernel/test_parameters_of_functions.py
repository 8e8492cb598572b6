"""Parameters of functions that kernels call, of types other than integers."""

import numpy as np

import spatial as sp
from spatial import Fixed, int32

Q = Fixed(16, 8)


def test_a_fixed_point_default_keeps_its_value():
    def scale(x: Q, by: Q = 2, *, on: bool = 3) -> Q:
        return x * by if on else x

    @sp.region()
    def top(X: Q[1], Y: Q[2]):
        @sp.kernel(args=[X, Y])
        def work(X: Q[1], Y: Q[2]):
            Y[0] = scale(X[0])
            Y[1] = scale(X[0], 0.5)

    Y = np.zeros(2)
    sp.simulate(top, [1.5], Y)
    assert Y.tolist() == [3.0, 0.75]


def test_a_parameter_that_is_changed_in_part_is_a_copy():
    @sp.struct
    class Pair:
        a: int32
        b: int32

    def swapped(p: Pair, more):
        old = p.a
        p.a = p.b + more
        p.b = old
        more[0] = True
        return p, more

    @sp.region()
    def top(Y: int32[5]):
        @sp.kernel(args=[Y])
        def work(Y: int32[5]):
            p = Pair(1, 2)
            q, more = swapped(p, 4)
            Y[0] = p.a
            Y[1] = q.a
            Y[2] = q.b
            Y[3] = more
            w = 5
            w[1] = True
            Y[4] = w

    Y = np.zeros(5, np.int32)
    sp.simulate(top, Y)
    assert Y.tolist() == [1, 6, 1, 5, 7]
