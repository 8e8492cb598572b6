import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[A])
    def load(A: int32[4]):
        fifo.put(A[0])

    @sp.kernel(args=[A, A])
    def store(s: Stream[int32], A: int32[4]):
        A[0] = s.get()

    @sp.kernel()
    def more(stream: Stream[int32], A: int32[4]):
        A[0] = stream.get()
