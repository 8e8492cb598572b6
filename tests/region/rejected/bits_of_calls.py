import spatial as sp
from spatial import UInt, float32, int8, int32


@sp.region()
def program(A: int32[4], F: float32[64]):
    @sp.kernel(args=[A, F])
    def pe(A: int32[4], F: float32[64]):
        a = sp.bitcast(A[0], float64)
        b = sp.bitcast(A[0], sp.float64)
        c = sp.bitcast(1, float32)
        d = sp.bitcast(A[0])
        e = sp.pack()
        f = sp.pack(F)
        g = sp.pack(A[0], 3)
        h = sp.unpack(A[0], UInt(7))
        i, j = sp.unpack(A[0], int8)
        k: int8[3] = sp.unpack(A[0], int8)
        l = sp.unpack(A[0], int8)[4]
        m = sp.unpack(A[0], "int8")
        n = sp.unpack(A[0], int8)
