import spatial as sp
from spatial import Stream, int8


@sp.region()
def program():
    fifo: Stream[int8, 2][4, 4]

    @sp.kernel(mapping=[4])
    def stage():
        i = sp.get_pid()
        fifo[i].put(1)
