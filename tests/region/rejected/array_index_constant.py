import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4, 8]):
    @sp.kernel(args=[A])
    def pe(A: int32[4, 8]):
        A[4, 0] = 1
        A[0, -9] = 1
        A[-1, 7] = 1
