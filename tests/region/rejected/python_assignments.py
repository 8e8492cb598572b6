import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        a, *rest = C[0], C[1], C[2]
        C.first = 1
        if (n := C[0]) > 0:
            C[1] = n
