import spatial as sp
from spatial import Stream, int8


@sp.region()
def program():
    fifo: Stream[int8, 2][2, 2]

    @sp.kernel(mapping=[2, 2])
    def source():
        i, j = sp.get_pid()
        fifo.put(1)
