import numpy as np

import spatial as sp
from spatial import int8

table = np.arange(6)


@sp.region()
def program(A: int8[4]):
    buffer: int8[4] = table

    @sp.kernel(args=[A, buffer])
    def pe(A: int8[4], buffer: int8[4]):
        A[0] = buffer[1]
