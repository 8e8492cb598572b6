import spatial as sp
from spatial import S, int32


@sp.region()
def program(A: int32[4]):
    buffer: int32[4] @ [S(0)]

    @sp.kernel(mapping=[2], args=[A, buffer])
    def pe(A: int32[4], buffer: int32[4]):
        A[0] = 1
