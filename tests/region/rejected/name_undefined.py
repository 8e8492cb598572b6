import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4], C: int32[4]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[4], C: int32[4]):
        total: int32 = 0
        for k in range(4):
            total += A[k]
        C[0] = totl
        C[1] = totl + 1
        C[2] = weight
