import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4]):
    total: int32 @ sp.Stateful = 4

    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        A[0] = total
