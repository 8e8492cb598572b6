import spatial as sp
from spatial import float32, int32


@sp.region()
def program(A: int32[4, 4], B: int32[8], C: float32[8]):
    @sp.kernel(args=[A, B, C])
    def pe(A: int32[4, 4], B: int32[8], C: float32[8]):
        A[0] = B
        row = A[0]
        row = B
        A[:, 0] = B[0:2]
        B[:] = C
