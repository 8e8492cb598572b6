import spatial as sp
from spatial import Int, UInt


@sp.region()
def program(C: Int(1024)[4], D: UInt(600)[4]):
    @sp.kernel(args=[C, D])
    def pe(C: Int(1024)[4], D: UInt(600)[4]):
        C[0] = C[1] + 1
        C[1] = D[0] * D[1]
        C[2] = D[0] << 1000
