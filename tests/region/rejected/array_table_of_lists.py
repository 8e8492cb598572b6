import spatial as sp
from spatial import int32

weights = [1, 2, 3, 4]


@sp.region()
def program(A: int32[4]):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        for k in range(4):
            A[k] = weights[k]
