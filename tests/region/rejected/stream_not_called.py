import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(C: int32[4]):
    fifo: Stream[int32, 2]
    lanes: Stream[int32, 2][2]

    @sp.kernel
    def source():
        for k in range(4):
            fifo.put(k)
        lanes[1].put(1)

    @sp.kernel
    def sink(C: int32[4]):
        for x in fifo:
            C[0] = x
        C[1] = fifo.get
        C[2] = lanes[1].get
