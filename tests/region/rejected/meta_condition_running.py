import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(C: int32[4]):
    fifo: Stream[int32, 2]

    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        limit: int32 = 3
        with sp.meta_if(i < limit):
            C[i] = 0
        with sp.meta_elif(C[i] > 0):
            C[i] = 1
        with sp.meta_if(fifo.get() == 0):
            C[i] = 1
        with sp.meta_if(k == 0):
            C[i] = 2
