import numpy as np
import spatial as sp
from spatial import int32

weights = np.arange(4, dtype=np.int32)


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        for k in range(4):
            weights[k] = C[k]
        weights[0] += 1
