import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(mapping=[2], args=[A, fifo, 3])
    def pe(A: int32[4], B: int32[4], C: int32[4]):
        A[0] = 1
