import spatial as sp
from spatial import Stream, int8


@sp.region()
def program(A: int8[4]):
    fifo: Stream[int8, 2][4]

    @sp.kernel(mapping=[3], args=[A])
    def stage(A: int8[4]):
        i = sp.get_pid()
        with sp.meta_if(i == 0):
            fifo[i].put(A[i])
        with sp.meta_else():
            fifo[i].put(fifo[i - 1].get())
