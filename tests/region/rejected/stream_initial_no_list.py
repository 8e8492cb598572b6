import spatial as sp
from spatial import Stream, int32


@sp.region()
def program():
    fifo = sp.pipe(dtype=int32, depth=2, initial=0)

    @sp.kernel()
    def source():
        fifo.put(1)

    @sp.kernel()
    def sink():
        y = fifo.get()
