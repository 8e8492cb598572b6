import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        n = C[0]
        for k in sp.meta_for(n):
            C[k] = 0
        with sp.meta_for(0, C[1]) as k:
            C[k] = 0
