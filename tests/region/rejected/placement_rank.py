import spatial as sp
from spatial import R, S, int8


@sp.region()
def program(A: int8[4, 4]):
    @sp.kernel(mapping=[2], args=[A])
    def pe(A: int8[4, 4] @ [S(0)]):
        A[0, 0] = 1
