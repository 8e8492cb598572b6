import spatial as sp
from spatial import int32


@sp.region()
def inner(A: int32[4], n: int):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        A[0] = n


@sp.region()
def program(A: int32[4]):
    @sp.kernel()
    def pe(A: int32[4]):
        inner(A, A[0] + 1)
        inner(A[0:5], 1)
        inner(A, unknown)
