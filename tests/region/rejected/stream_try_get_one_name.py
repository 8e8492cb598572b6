import spatial as sp
from spatial import Stream, int32


@sp.region()
def program():
    fifo: Stream[int32, 2]

    @sp.kernel()
    def source():
        fifo.put(1)

    @sp.kernel()
    def sink():
        token = fifo.try_get()
