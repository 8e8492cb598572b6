import spatial as sp
from spatial import int8


@sp.region()
def program(A: int8[4]):
    @sp.kernel(args=[A[4]])
    def pe(A: int8[4]):
        A[0] = 1
