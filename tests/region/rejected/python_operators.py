import spatial as sp
from spatial import float32


@sp.region()
def program(A: float32[4, 4], B: float32[4, 4]):
    @sp.kernel(args=[A, B])
    def pe(A: float32[4, 4], B: float32[4, 4]):
        A[0, 2] = A @ B
        if B[0, 0] in (1, 2):
            A[0, 0] = 0
        if B[0, 0] is None:
            A[0, 0] = 0
