import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4], C: int32[4]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[4], C: int32[4]):
        largest: int32
        for k in range(4):
            if A[k] > 0:
                sign = 1
            C[k] = sign
        C[0] = largest
