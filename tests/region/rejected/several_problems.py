import spatial as sp
from spatial import Stream, float32, int8


@sp.region()
def program(A: float32[4, 4], C: int8[4, 4]):
    fifo: Stream[int8, 2][5, 4]

    @sp.kernel(mapping=[4, 4], args=[A, C])
    def pe(A: float32[4, 4], C: int8[4, 4]):
        i, j = sp.get_pid()
        with sp.meta_if(i == 0):
            fifo[i + 1, j].put(A[i, j])
        with sp.meta_else():
            x: int8 = fifo[i, j].get()
            fifo[i + 2, j].put(x)
        for k in range(4):
            C[i, k + j] = wieght
            if k == 3:
                break
        C[i, j] = 1000

    @sp.kernel(mapping=[4])
    def other(C: int8[4, 4]):
        C[0, 0] = C[0] + 1
