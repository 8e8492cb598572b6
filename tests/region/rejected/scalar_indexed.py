import spatial as sp
from spatial import float32, int32


@sp.region()
def program(n: int32, x: float32, A: int32[4]):
    @sp.kernel(args=[x, A])
    def pe(x: float32, A: int32[4]):
        A[0] = x[0]
