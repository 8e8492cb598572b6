import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        try:
            C[2] = 1
        finally:
            C[2] = 2
        match C[3]:
            case 0:
                C[3] = 1
        raise ValueError("no")
        return C[0]
