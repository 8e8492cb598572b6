import spatial as sp
from spatial import int32


@sp.region()
def program(B: int32[4]):
    @sp.kernel()
    def pe(B: int32[4]):
        total = 0
        for w in sp.meta_for([1, 2]):
            total += w
        with sp.meta_if(total == 3):
            B[0] = 1
