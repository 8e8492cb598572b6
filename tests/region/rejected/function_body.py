import spatial as sp
from spatial import Stream, int32


def misspelled(x):
    return x + unknown


def fraction(x):
    y: int32 = x * 0.5
    return y


def outer(x):
    return misspelled(x)


def outside(values):
    return values[8]


@sp.region()
def program(A: int32[8], C: int32[8]):
    fifo: Stream[int32, 2]

    def first():
        return A[0]

    @sp.kernel(args=[A, C])
    def pe(A: int32[8], C: int32[8]):
        C[0] = misspelled(A[0])
        C[1] = outer(A[1])
        C[2] = fraction(A[2])
        C[3] = outside(A)
        C[4] = first() + A[0]
        inner = C[0]

        def early():
            return later + inner

        C[5] = early()
        later = A[1]
