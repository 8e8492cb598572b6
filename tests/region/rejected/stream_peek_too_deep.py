import spatial as sp
from spatial import Stream, int32


@sp.region()
def program():
    fifo: Stream[int32, 2]

    @sp.kernel()
    def source():
        for k in range(4):
            fifo.put(k)

    @sp.kernel()
    def sink():
        x = fifo.peek(2)
        y = fifo.get()
