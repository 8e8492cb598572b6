import spatial as sp
from spatial import Stateful, int8, int32


@sp.region()
def program(A: int32[4], n: int32):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        total: int32 @ Stateful = 1
        total: int32 @ Stateful = 2
        A[0] = total
