import spatial as sp
from spatial import Stream, int32


@sp.region()
def inner(A: int32[4], s: Stream[int32]):
    @sp.kernel(args=[A])
    def take(A: int32[4]):
        A[0] = s.get()


@sp.region()
def program(A: int32[4]):
    s: Stream[int32, 2]

    @sp.kernel()
    def pe(A: int32[4]):
        inner(A, s)
        A[1] = s.get()

    @sp.kernel()
    def feed():
        for k in range(2):
            s.put(k)
