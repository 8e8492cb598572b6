import math

import spatial as sp
from spatial import float32, int32


@sp.region()
def program(X: int32[4], Y: float32[4]):
    @sp.kernel(mapping=[2], args=[X, Y])
    def k(X: int32[4], Y: float32[4]):
        p = sp.get_pid()
        for i in range(4):
            Y[i] = X[i] * 0.5
            Y[i] = math.exp(-0.5 * i)
        Y[0] = X[p] * 0.5
        Y[1] = (X[0] + X[1] + X[2] + X[3] + X[p]) * 0.5
