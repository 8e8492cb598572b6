import math

import numpy as np

import spatial as sp
from spatial import float32, int32


@sp.region()
def program(A: int32[4], C: float32[4]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[4], C: float32[4]):
        A[:] = C * 2
        A[:] = np.exp(A)
        C[:] = C & 1
        C[:] = sp.softmax(A)
        C[:] = sp.layer_norm(C[0])
        mean = sp.mean(A)
        A[0] = sp.sum(C)
        C[:] = C ** 0.5
        C[:] = C ** A
        C[0] = sp.exp(C[0], C[1])
        C[0] = sp.sum(C[0])
        C[0] = sp.softmax(C, axis=0, where=1)
        C.T[0] = 1.0
        (C + 1)[0] = 1.0
        if C > 0:
            pass
        A[:] = not C
        C[0] = math.log(C[0], 2.0)
        C[:] = sp.gelu(A[0])
