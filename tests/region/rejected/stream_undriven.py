import spatial as sp
from spatial import Stream, int8


@sp.region()
def program(C: int8[4]):
    fifo: Stream[int8, 2]

    @sp.kernel(mapping=[1], args=[C])
    def sink(C: int8[4]):
        for k in range(4):
            C[k] = fifo.get()
