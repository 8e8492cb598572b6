import spatial as sp
from spatial import Stream, int8


@sp.region()
def program(C: int8[8]):
    fifo: Stream[int8, 2]

    @sp.kernel(mapping=[2])
    def source():
        i = sp.get_pid()
        for k in range(4):
            fifo.put(i)

    @sp.kernel(mapping=[1], args=[C])
    def sink(C: int8[8]):
        for k in range(8):
            C[k] = fifo.get()
