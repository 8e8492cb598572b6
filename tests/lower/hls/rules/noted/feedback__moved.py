"""PEs that add to an array, which one process gives to them and takes back."""

import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[8], C: int32[2, 4]):
    @sp.kernel(mapping=[2])
    def pe(A: int32[8], C: int32[2, 4]):
        p = sp.get_pid()
        for k in range(4):
            C[p, k] += A[k + 4 * p]
