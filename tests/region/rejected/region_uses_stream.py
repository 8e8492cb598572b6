import spatial as sp
from spatial import Stream, int32


@sp.region()
def program():
    fifo: Stream[int32, 2]
    fifo.put(1)
