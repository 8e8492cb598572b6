import spatial as sp
from spatial import Stream, int32


@sp.region()
def inner(A: int32[4], s: Stream[int32]):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        A[0] = s.get()


@sp.region()
def program(A: int32[5]):
    s: Stream[int32, 2]

    @sp.kernel(mapping=[4])
    def pe(A: int32[5]):
        inner(A, s)
        inner(A)
