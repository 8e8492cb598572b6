import numpy as np

import spatial as sp
from spatial import float32, int32


@sp.region()
def program(A: int32[4], B: int32[3], M: int32[4, 3], C: float32[4]):
    @sp.kernel(args=[A, B, M, C])
    def pe(A: int32[4], B: int32[3], M: int32[4, 3], C: float32[4]):
        x = A + B
        y = sp.where(A > 0, M, 0)
        A[:] = M
        B[:] = sp.sum(M, axis=1)
        z = M @ A
        u = A @ B
        v = A @ 2
        w = M @ M
        t = sp.transpose(M, (0, 0))
        r = M.reshape(5, -1)
        s = sp.reshape(M, (3, 3))
        a = sp.max(M, axis=2)
        b = sp.sum(M, axis=A[0])
        c = max(A, B)
        A += M
        n: int32 = 0
        n += A
