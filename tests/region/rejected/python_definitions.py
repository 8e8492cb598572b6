import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        import math

        def twice(x):
            return 2 * x

        class Pair:
            pass

        square = lambda x: x * C[0]
        C[0] = twice(C[1])
        C[1] = square(C[2])
