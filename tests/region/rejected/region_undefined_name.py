import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4]):
    fifo: Stream[int32, dept]

    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        A[0] = 1
