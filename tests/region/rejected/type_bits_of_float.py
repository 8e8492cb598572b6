import spatial as sp
from spatial import float32, int32


@sp.region()
def program(A: float32[4], C: int32[4]):
    @sp.kernel(args=[A, C])
    def pe(A: float32[4], C: int32[4]):
        C[0] = A[0] & 1
        C[1] = A[1] << 2
        C[2] = ~A[2]
        C[3] = C[3] | A[3]
