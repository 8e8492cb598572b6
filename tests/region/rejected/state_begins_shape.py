import spatial as sp
from spatial import Stateful, int8, int32


@sp.region()
def program(A: int32[4], n: int32):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        line: int32[3] @ Stateful = (1, 2)
        A[0] = line[0]
