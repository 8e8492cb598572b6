import spatial as sp
from spatial import Stream, int8


@sp.region()
def program():
    fifo: Stream[int8, 2]

    @sp.kernel(mapping=[1])
    def source():
        x: int8 = 1
        y = x + fifo
