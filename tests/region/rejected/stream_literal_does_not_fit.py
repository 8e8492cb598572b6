import spatial as sp
from spatial import Stream, uint8


@sp.region()
def program():
    fifo: Stream[uint8, 2]

    @sp.kernel()
    def source():
        fifo.put(256)
