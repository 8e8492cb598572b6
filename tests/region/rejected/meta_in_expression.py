import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        if sp.meta_if(C[0] > 0):
            C[0] = 0
        C[sp.get_pid()] = 1
        n = range(4)
        m = sp.grid(4, 4)
