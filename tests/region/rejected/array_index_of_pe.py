import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4]):
    @sp.kernel(mapping=[4], args=[A])
    def pe(A: int32[4]):
        i = sp.get_pid()
        A[i] = A[i - 1]
