import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        for k in range(4):
            k = k + 1
        for k in range(4):
            k += 1
        for k in range(2):
            for k in range(2):
                C[k] = 0
