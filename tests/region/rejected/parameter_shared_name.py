import spatial as sp
from spatial import int8, int32


@sp.region()
def program():
    @sp.kernel()
    def first(A: int32[4]):
        A[0] = 1

    @sp.kernel()
    def second(A: int8[4]):
        A[1] = 1
