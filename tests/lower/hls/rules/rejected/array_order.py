"""Two kernels write one element, in no order."""

import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4]):
    @sp.kernel(args=[A])
    def first(A: int32[4]):
        A[0] = 1

    @sp.kernel(args=[A])
    def second(A: int32[4]):
        A[0] = 2
