import spatial as sp
from spatial import Stream, int32


@sp.region()
def program():
    fifo: Stream[int32[4], 2]

    @sp.kernel()
    def source():
        block: int32[8] = 0
        fifo.put(block)

    @sp.kernel()
    def sink():
        y: int32[4] = fifo.get()
