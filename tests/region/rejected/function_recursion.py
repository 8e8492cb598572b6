import spatial as sp
from spatial import int32


def endless(x):
    if x > 0:
        return endless(x - 1)
    return 0


def ping(x, n):
    return pong(x, n + 1)


def pong(x, n):
    return ping(x, n + 1)


@sp.region()
def program(A: int32[8], C: int32[8]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[8], C: int32[8]):
        C[0] = endless(A[0])
        C[1] = ping(A[1], 0)
