import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        C[0] = int32
        C[1] = "one"
        C[2] = None
        C[3] = 2j
