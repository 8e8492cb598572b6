import spatial as sp
from spatial import int32


@sp.region()
def program(n: int32, A: int32[4]):
    if n == 3:

        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            A[0] = 1
