import spatial as sp
from spatial import int32


@sp.region()
def program(n: int32, A: int32[4]):
    @sp.kernel(args=[n, A])
    def pe(n: int32, A: int32[4]):
        n = 3
        n += 1
        A[0] = n
