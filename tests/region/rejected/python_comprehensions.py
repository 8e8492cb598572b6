import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        doubled = [2 * C[k] for k in range(4)]
        C[0] = sum(C[k] for k in range(4))
        C[1] = {0: C[0]}[0]
        pair = C[0], C[1]
        values = [C[0], 1]
