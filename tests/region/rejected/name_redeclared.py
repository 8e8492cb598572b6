import spatial as sp
from spatial import float32, int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        x: int32 = 0
        C[0] = x
        x: float32 = 0.5
        y: int32[4]
        y: int32[8]
        C: int32 = 1
