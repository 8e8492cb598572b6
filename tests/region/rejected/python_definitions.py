import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        import math

        @math.sqrt
        def twice(x):
            return 2 * x

        class Pair:
            pass

        def half(x):
            return x // 2

        def half(x):
            return x >> 1

        C[1] = half(C[2])
        C[2] = (lambda x: x * C[0])
