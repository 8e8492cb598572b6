import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[8], B: int32[8]):
    @sp.kernel(mapping=[4], args=[A, B])
    def pe(A: int32[8], B: int32[8]):
        i = sp.get_pid()
        A[4:12] = 0
        A[4:4] = 0
        A[::-1] = 0
        A[3 * i : 3 * i + 3] = 0
        for k in range(4):
            A[k : 2 * k] = 0
            A[k:] = 0
            A[2 * k : 2 * k + 3] = 0
            A[k : k + 9] = 0
            A[k : k + 4 : 2] = 0
