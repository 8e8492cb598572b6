import spatial as sp
from spatial import int32

PAIR = (1, 2)


@sp.region()
def program(C: int32[4], D: int32[2, 4]):
    @sp.kernel(args=[C, D])
    def pe(C: int32[4], D: int32[2, 4]):
        a, b = C[0], C[1], C[2]
        c, d = C[0]
        e, f = D
        (g, h), i = C[0], C[1]
        j = C[0], C[1]
        C[0] = C[1], C[2]
        C[1] = (C[2], 0) + 1
        k, l, m = PAIR
        for n in range(4):
            n, C[n] = 0, 1
