import spatial as sp
from spatial import int32

rows = [0, 1, 2]


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        for x in rows:
            C[x] = 0
        for x in C:
            C[0] = x
        for n, x in enumerate(C):
            C[n] = x
        for x in [1, 2, 3]:
            C[0] = x
        for a, b in range(4):
            C[a] = b
