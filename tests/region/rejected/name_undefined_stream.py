import spatial as sp
from spatial import Stream, int8


@sp.region()
def program():
    fifo_A: Stream[int8, 2][4]

    @sp.kernel(mapping=[4])
    def source():
        i = sp.get_pid()
        fifo_a[i].put(1)
