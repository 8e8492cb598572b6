import math

import spatial as sp
from spatial import int32


class Pair:
    def __init__(self, first):
        self.first = first


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        text = f"{C[0]}"
        C[0] = math.gamma(C[1])
        C[1] = max(*C)
        C[2] = len(C[0])
        C[3] = C[0].bit_length()
        pair = Pair(C[0])
        C[0] = pow(C[1], C[2])
        for k in reversed(range(4)):
            C[k] = 0
