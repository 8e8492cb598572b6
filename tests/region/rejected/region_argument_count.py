import spatial as sp
from spatial import Stream, int32


@sp.region()
def inner(A: int32[4], s: Stream[int32], n: int):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        s.put(A[n])


@sp.region()
def program(A: int32[4]):
    s: Stream[int32, 2]
    inner(A, s)
