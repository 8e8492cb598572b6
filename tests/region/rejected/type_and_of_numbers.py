import spatial as sp
from spatial import int8


@sp.region()
def program(A: int8[2], B: int8[2]):
    @sp.kernel()
    def pe(A: int8[2], B: int8[2]):
        if A[0] and A[1]:
            B[0] = A[0] and A[1]
        with sp.meta_for(2) as i:
            B[i] = A[i - 1]
