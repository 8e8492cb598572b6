import math

import numpy as np

import spatial as sp
from spatial import float32, int32


@sp.region()
def program(C: int32[4], X: float32[4]):
    @sp.kernel(args=[C, X])
    def pe(C: int32[4], X: float32[4]):
        a: np.int32 = 3
        b: np.float64 = 0.5
        C[0] = np.int32(C[1])
        X[0] = round(X[1])
        X[0] = math.floor(X[1])
        X[0] = math.ceil(X[1])
        X[0] = math.pow(X[1], X[2])
        for i in range(4):
            C[i] = 2**i
        buf = []
        for i in range(4):
            buf.append(C[i])
        print("{}".format(C[0]))
