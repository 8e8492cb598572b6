import spatial as sp
from spatial import int32

count = 0


@sp.region()
def program(C: int32[4]):
    @sp.kernel(args=[C])
    def pe(C: int32[4]):
        global count
        count = count + 1
        x = C[0] + C[1]
        del x
        assert C[1] > 0
