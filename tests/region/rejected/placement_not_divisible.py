import spatial as sp
from spatial import R, S, int8


@sp.region()
def program(A: int8[4, 6]):
    @sp.kernel(mapping=[2, 4], args=[A])
    def pe(A: int8[4, 6] @ [S(0), S(1)]):
        A[0, 0] = 1
