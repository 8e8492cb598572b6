"""Two kernels write through one port."""

import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4], B: int32[4], C: int32[4], D: int32[4]):
    @sp.kernel(args=[A, C])
    def first(A: int32[4], C: int32[4]):
        for k in range(4):
            C[k] = A[k]

    @sp.kernel(args=[B, D])
    def second(B: int32[4], D: int32[4]):
        for k in range(4):
            D[k] = B[k]


interfaces = {"C": sp.m_axi(bundle="g0"), "D": sp.m_axi(bundle="g0")}
