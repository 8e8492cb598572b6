import spatial as sp
from spatial import Stream, int8


@sp.region()
def program():
    fifo: Stream[int8, 2][4]
    last = fifo[4]

    @sp.kernel(mapping=[1])
    def source():
        last.put(1)
