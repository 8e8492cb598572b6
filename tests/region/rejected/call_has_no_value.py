import spatial as sp
from spatial import int32


@sp.region()
def inner(A: int32[4]):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        A[0] = 1


@sp.region()
def program(A: int32[4]):
    @sp.kernel()
    def pe(A: int32[4]):
        x = inner(A)
        A[1] = x + 1
