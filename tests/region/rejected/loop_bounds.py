import spatial as sp
from spatial import float32, int32


@sp.region()
def program(C: int32[4], F: float32[4]):
    @sp.kernel(args=[C, F])
    def pe(C: int32[4], F: float32[4]):
        for k in range():
            C[0] = 0
        for k in range(2.5):
            C[0] = 0
        for k in range(F[0]):
            C[0] = 0
        for k in range(4, 0, 0):
            C[0] = 0
        for k in range(0, 4, C[0]):
            C[0] = 0
        for k in range(1 << 70):
            C[0] = 0
        for i, j in sp.grid(4):
            C[i] = 0
