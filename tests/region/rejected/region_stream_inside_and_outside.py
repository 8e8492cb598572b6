import spatial as sp
from spatial import Stream, int32


@sp.region()
def sink(s: Stream[int32]):
    @sp.kernel()
    def drop():
        while True:
            x: int32 = s.get()


@sp.region()
def program(A: int32[4]):
    s: Stream[int32, 2]
    sink(s)

    @sp.kernel()
    def move(A: int32[4]):
        for k in range(4):
            s.put(k)
            A[k] = s.get()
