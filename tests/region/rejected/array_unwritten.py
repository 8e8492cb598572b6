import spatial as sp
from spatial import Stream, int32


def first_of(A):
    copy: int32[4]
    return copy[0] + A[0]


@sp.region()
def program(C: int32[4]):
    fifo: Stream[int32[4], 2]

    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        buffer: int32[4]
        whole: int32[4]
        sent: int32[4]
        for k in range(4):
            if C[k] > 0:
                C[k] = max(buffer[k], 3)
        C[:] = whole
        whole[:] = 1
        fifo.put(sent)
        C[0] = first_of(C)

    @sp.kernel()
    def drain():
        block = fifo.get()
