from pathlib import Path

import spatial as sp
from spatial import int32

mm = sp.external("mm", args=[sp.In(int32[4]), sp.Out(int32[4])], source=Path(__file__).name)
TABLE = [1, 2, 3, 4]


@sp.region()
def program(A: int32[4], C: int32[4]):
    @sp.kernel()
    def pe(A: int32[4], C: int32[4]):
        table: int32[4] = TABLE
        mm(A)
        mm(A, C, A)
        mm(A, C=C)
        mm(A, C[1:])
        mm(A, 3)
        mm(table, sp.sum(C))
        x = mm(A, C)
        if mm(A, C):
            A[0] = 1
