import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4], C: int32[4]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[4], C: int32[4]):
        flag: bool = A[0]
        done: bool = False
        done = A[1] + 1
        weight: bool = 2
