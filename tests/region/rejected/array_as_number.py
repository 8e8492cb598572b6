import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4], B: int32[4]):
    @sp.kernel(args=[A, B])
    def pe(A: int32[4], B: int32[4]):
        if A:
            pass
        B[1] = A[0:2]
        local: int32[4] = A
        local = 0
