import spatial as sp
from spatial import Stateful, int8, int32


@sp.region()
def program(A: int32[4], n: int32):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        x: int32 @ sp.Memory("BRAM") = 1
        A[0] = x
