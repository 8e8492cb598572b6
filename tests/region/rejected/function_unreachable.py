import spatial as sp
from spatial import int32


def sign(x: int32):
    if x > 0:
        return 1
    else:
        return -1
    return 0


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        for k in range(4):
            C[k] = sign(C[k])
