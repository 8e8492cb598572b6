import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4]):
    @sp.kernel(mapping=[1 << 11, 1 << 11], args=[A])
    def pe(A: int32[4]):
        A[0] = 1
