import spatial as sp
from spatial import Stream, int32


@sp.region()
def source(s: Stream[int32], n: int):
    @sp.kernel()
    def put():
        for k in range(n):
            s.put(k)


@sp.region()
def program(A: int32[4]):
    s: Stream[int32, 2]
    source(s, 4)
    source(s, 4)

    @sp.kernel()
    def store(A: int32[4]):
        for k in range(4):
            A[k] = s.get()
