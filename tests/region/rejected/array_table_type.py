import numpy as np
import spatial as sp
from spatial import int32

names = np.array(["a", "b"])
empty = np.zeros((0, 4))
phases = np.zeros(4, dtype=complex)


@sp.region()
def program(A: int32[4]):
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        for k in range(2):
            A[0] = names[k]
            A[1] = empty[k, k]
            A[2] = phases[k]
