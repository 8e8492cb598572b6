import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4], C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        for k in range(4):
            C[k] = A[k]
