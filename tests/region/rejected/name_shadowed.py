import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(A: int32[4], C: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        fifo = C[0]
        A: int32 = 3
        for k in range(4):
            C[k] = A + fifo
