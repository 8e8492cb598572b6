import spatial as sp
from spatial import int32


def nothing(x):
    x += 1


def pair(x):
    return x, x + 1


def sometimes(x):
    if x > 0:
        return x


def part(values, x):
    if x > 0:
        return values[0:2]
    return values[2:4]


@sp.region()
def program(A: int32[8], C: int32[8]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[8], C: int32[8]):
        C[0] = nothing(A[0])
        C[1] = pair(A[1])
        C[2] = sometimes(A[2])
        C[3:5] = part(A, A[3])
        x = A[0]
        nothing(x) + 1
