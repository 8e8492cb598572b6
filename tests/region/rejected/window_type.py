import spatial as sp
from spatial import int8


@sp.region()
def program(A: int8[4, 6]):
    @sp.kernel(args=[A[1, 0:4]])
    def pe(A: int8[4, 6]):
        A[0, 0] = 1
