import spatial as sp
from spatial import int32


def decide(x, n):
    with sp.meta_if(x > n):
        return 1
    return 0


def assign(values):
    values = 3
    return values


def deepest(table, n):
    with sp.meta_if(table[n] > 0):
        return n
    return 0


@sp.region()
def program(A: int32[8], C: int32[8]):
    @sp.kernel(mapping=[2], args=[A, C])
    def pe(A: int32[8], C: int32[8]):
        p = sp.get_pid()
        C[0] = decide(A[0], p)
        C[1] = assign(A)
        with sp.meta_if(p == 0):
            C[2] = deepest([1], p + 1) + A[0]
            with sp.meta_for(2) as n:
                C[3] = deepest([1], n) + decide(A[1], 3)
