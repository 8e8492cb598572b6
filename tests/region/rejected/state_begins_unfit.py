import spatial as sp
from spatial import Stateful, int8, int32


@sp.region()
def program(A: int32[4], n: int32):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        total: int8 @ Stateful = 300
        A[0] = total
