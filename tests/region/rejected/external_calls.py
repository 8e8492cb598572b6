import spatial as sp
from spatial import Stream, int8, int32


def reference(A, B, k):
    A[0] = B[0]
    B[0] = k


mm = sp.external("mm", args=[sp.In(int32[4]), sp.Out(int32[4]), sp.In(int32)], reference=reference)


@sp.region()
def program(A: int32[4], B: int8[4], M: int32[4, 4]):
    @sp.kernel()
    def pe(A: int32[4], B: int8[4], M: int32[4, 4]):
        mm(A, M[0], 1)
        mm(A, M[0])
        mm(A, B, 1)
        mm(A[0], M[0], 1)
        mm(A, M[:, 0], 1)
        mm(A, M[0, ::2], 1)
        mm(A, M[0], 1.5)
        mm(A, M[0], A)
        mm(A, A + 1, 1)
        x = mm(A, M[0], 1)
