import spatial as sp
from spatial import float32, int32


@sp.region()
def program(A: float32[4], C: int32[4]):
    @sp.kernel(args=[A, C])
    def pe(A: float32[4], C: int32[4]):
        total = 0
        for k in range(4):
            total += A[k]
            C[k] = A[k] * 2
        half: int32 = A[0]
        C[0] = 0.5
