import spatial as sp
from spatial import int8


@sp.region()
def program(A: int8[4]):
    buffer: int8[4] = [1, 2, 3, 400]

    @sp.kernel(args=[A, buffer])
    def pe(A: int8[4], buffer: int8[4]):
        A[0] = buffer[1]
