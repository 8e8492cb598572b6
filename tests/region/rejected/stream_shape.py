import spatial as sp
from spatial import Stream, float32


@sp.region()
def program():
    fifo: Stream[float32, 2][4, -1]
