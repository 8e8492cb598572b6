import spatial as sp
from spatial import Stream


@sp.region()
def program():
    fifo: Stream[int, 2]
