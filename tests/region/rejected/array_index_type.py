import spatial as sp
from spatial import float32, int32


@sp.region()
def program(A: int32[4], B: float32[4]):
    @sp.kernel(args=[A, B])
    def pe(A: int32[4], B: float32[4]):
        A[0] = A[1.0]
        A[1] = A[B[0]]
        A[2] = A[True]
        A[3] = A["x"]
        A[...] = 0
