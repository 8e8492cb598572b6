"""A kernel prints and asserts."""

import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4]):
    @sp.kernel(args=[A])
    def only(A: int32[4]):
        for k in range(4):
            assert A[k] >= 0, "negative"
            print(k, A[k])
            A[k] += 1
