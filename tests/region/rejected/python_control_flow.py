import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        for k in range(4):
            if C[k] > 3:
                break
            if C[k] > 2:
                continue
            C[k] = 0
        while C[0] > 0:
            C[0] = C[0] - 1
        else:
            C[1] = 0
        for k in range(4):
            C[k] = 1
        else:
            C[1] = 1
        try:
            C[2] = 1
        finally:
            C[2] = 2
        match C[3]:
            case 0:
                C[3] = 1
        raise ValueError("no")
        return C[0]
