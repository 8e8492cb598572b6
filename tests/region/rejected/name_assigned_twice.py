import spatial as sp
from spatial import int32


@sp.region()
def program(B: int32[4]):
    @sp.kernel()
    def pe(B: int32[4]):
        n = 4
        n = n + 1
        buffer: int32[n]
        total = 0
        for w in sp.meta_for([1, 2]):
            total += w
        window: int32[2, total]
        kept: int32 @ sp.Stateful = n
