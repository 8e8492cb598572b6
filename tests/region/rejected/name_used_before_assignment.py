import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4], C: int32[4]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[4], C: int32[4]):
        for k in range(4):
            C[k] = before
            before = A[k]
