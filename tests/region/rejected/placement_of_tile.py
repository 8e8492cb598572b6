import spatial as sp
from spatial import R, S, int8


@sp.region()
def program(A: int8[4, 6]):
    @sp.kernel(mapping=[2], args=[A])
    def pe(A: int8[4, 6] @ [S(0), R]):
        A[2, 5] = 1
