import spatial as sp
from spatial import int8


@sp.region()
def program(A: int8[4]):
    @sp.kernel(args=[A[0:2, 1:2]])
    def pe(A: int8[4]):
        A[0] = 1
