import spatial as sp
from spatial import int32


@sp.region()
def inner(A: int32[4], row: int32[4]):
    @sp.kernel(args=[A, row])
    def pe(A: int32[4], B: int32[4]):
        B[0] = A[0]


@sp.region()
def program(A: int32[4]):
    @sp.kernel()
    def pe(A: int32[4]):
        row: int32[4]
        inner(A, row)
        inner(A, A[0:5])
        inner(A, unknown)
