import spatial as sp
from spatial import int32


@sp.struct
class Packet:
    data: int32
    last: sp.bool_


@sp.region()
def program(A: int32[4], P: Packet[4]):
    @sp.kernel(args=[A, P])
    def pe(A: int32[4], P: Packet[4]):
        p = Packet(1, True)
        A[0] = p.dta
        A[1] = A[0].data
        P[0].lost = True
        P[1] = 0
        A[2] = p
        A[3] = p + 1
        q = Packet(1)
        r = Packet(1, True, 2)
        s = Packet(1, data=2, last=True)
        t = Packet(data=1, lost=True)
        if p:
            A[0] = 1
        P.data = 1
        P[2].last = A[0]
        A[1] = int32(p)
        P[3] = Packet(2**40, False)
