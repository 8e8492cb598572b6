import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        a: int = 0
        b: float = 0.0
        c: list = [1, 2]
        d: "int32" = 0
        n: int32 = 4
        e: int32[n]
        f: int32[2, m]
        C[0]: int32 = 1
