import spatial as sp
from spatial import UInt, float32, int32


@sp.region()
def program(A: int32[4], F: float32[4]):
    @sp.kernel(args=[A, F])
    def pe(A: int32[4], F: float32[4]):
        w: UInt(12) = 0
        w[12] = True
        w[8:13] = 1
        w[4:4] = 1
        w[0:8:2] = 1
        w[0:4] = 16
        A[0] = F[0][3]
        for k in range(4):
            A[k] = w[3 * k : 3 * k + 4]
            A[k] = w[k : 2 * k]
            A[k] = w[k:]
            A[k] = w[k * 4]
            w[k] = A[k]
        A[0] = w[0, 1]
        A[1] = w[F[0]]
