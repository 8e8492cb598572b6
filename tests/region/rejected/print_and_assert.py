import sys

import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        print(C)
        print((C[0], C[1]))
        print("x", file=sys.stderr)
        print("x", sep=C[0])
        print(f"{C[0]:.2q}")
        print(f"{C[0]:{C[1]}}")
        x = print("x")
        assert C
        assert C[0] > 0, f"{D}"
