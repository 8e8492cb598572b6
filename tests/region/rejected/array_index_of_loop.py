import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[8]):
    @sp.kernel(args=[A])
    def pe(A: int32[8]):
        for k in range(8):
            A[k] = A[k + 1]
        for k in range(0, 8, 2):
            A[k] = A[2 * k - 1]
