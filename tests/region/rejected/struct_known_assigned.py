import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4]):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        for k in range(4):
            k[0] = False
            A[k] = 5
