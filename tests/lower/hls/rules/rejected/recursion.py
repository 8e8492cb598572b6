"""A function that calls itself."""

import spatial as sp
from spatial import int32


def fall(n):
    if n == 0:
        return 0
    return fall(n - 1)


@sp.region()
def program(A: int32[4]):
    @sp.kernel(args=[A])
    def only(A: int32[4]):
        for k in range(4):
            A[k] = fall(A[k])
