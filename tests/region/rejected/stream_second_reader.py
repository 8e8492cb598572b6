import spatial as sp
from spatial import Stream, int8


@sp.region()
def program(A: int8[4], C: int8[4], D: int8[4]):
    fifo: Stream[int8, 2]

    @sp.kernel(args=[A])
    def source(A: int8[4]):
        for k in range(4):
            fifo.put(A[k])

    @sp.kernel(args=[C])
    def left(C: int8[4]):
        for k in range(4):
            C[k] = fifo.get()

    @sp.kernel(args=[D])
    def right(D: int8[4]):
        for k in range(4):
            D[k] = fifo.get()
