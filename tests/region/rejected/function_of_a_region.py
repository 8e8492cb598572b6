import spatial as sp
from spatial import int32


def program(A: int32[4]):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        A[0] = 1
