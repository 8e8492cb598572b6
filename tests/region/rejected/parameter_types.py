import spatial as sp
from spatial import float32, int32


@sp.region()
def program(A: int32[4]):
    @sp.kernel(args=[A, A, A, A])
    def pe(A, n: int, x: float32, flags: bool):
        A[0] = n
        A[1] = x
