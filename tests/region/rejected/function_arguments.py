import spatial as sp
from spatial import int32


def add(a, b=0):
    return a + b


def every(*values):
    return values[0]


def typed(n: int32, grid: int32[2, 2]):
    return n + grid[0, 0]


@sp.region()
def program(A: int32[8], C: int32[8]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[8], C: int32[8]):
        C[0] = add(A[0], A[1], A[2])
        C[1] = add(b=A[0])
        C[2] = add(A[0], c=1)
        C[3] = add(A[0], a=1)
        C[4] = every(A[0])
        C[5] = add(*A)
        C[6] = typed(A, A)
        C[7] = typed(A[0], A)
        C[7] = typed(A[0], 3)
