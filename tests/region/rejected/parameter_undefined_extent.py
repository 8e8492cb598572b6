from __future__ import annotations

import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[rows, 4]):
    @sp.kernel(args=[A])
    def pe(A: int32[rows, 4]):
        A[0, 0] = 1
