import spatial as sp
from spatial import Stream, float32, int8


@sp.region()
def program(A: float32[4]):
    fifo: Stream[int8, 2]

    @sp.kernel(args=[A])
    def source(A: float32[4]):
        for k in range(4):
            fifo.put(A[k])
