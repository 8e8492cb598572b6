import spatial as sp
from spatial import int8, int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        max = C[0]
        int8 = 3
        count = C[1]
        C[1] = max(C[2], 3)
        C[2] = int8(C[3])
        C[3] = count(C)
