import spatial as sp
from spatial import int8, int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        C[0] = int8(C[1], 2)
        C[1] = int(C[0])
        C[2] = float(C[0])
        C[3] = int8()
