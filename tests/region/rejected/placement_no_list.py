import spatial as sp
from spatial import int8


@sp.region()
def program(A: int8[4, 6]):
    @sp.kernel(mapping=[2], args=[A])
    def pe(A: int8[4, 6] @ [0, 1]):
        A[0, 0] = 1
