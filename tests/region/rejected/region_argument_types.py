import spatial as sp
from spatial import Stream, int8, int32


@sp.region()
def inner(A: int32[4], s: Stream[int32], t: Stream[int32][2], n: int):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        s.put(A[n])


@sp.region()
def program(A: int32[5]):
    s: Stream[int8, 2]
    t: Stream[int32, 2][3]
    inner(A, s, t, A)
