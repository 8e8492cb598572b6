import spatial as sp
from spatial import int32


@sp.region()
def add_one(A: int32[4]):
    @sp.kernel()
    def one(A: int32[4]):
        A[0] += 1


@sp.region()
def program(B: int32[4]):
    @sp.kernel()
    def pe(B: int32[4]):
        kept: int32[4] @ sp.Stateful = 0
        add_one(kept)
        B[:] = kept
