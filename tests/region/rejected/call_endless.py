import spatial as sp
from spatial import Stream, int32


@sp.region()
def inner(s: Stream[int32]):
    @sp.kernel()
    def drop():
        while True:
            x: int32 = s.get()


@sp.region()
def program(A: int32[4]):
    s: Stream[int32, 2]

    @sp.kernel()
    def feed(A: int32[4]):
        for k in range(4):
            s.put(A[k])

    @sp.kernel()
    def pe():
        inner(s)
