import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[2], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        for k in sp.meta_for(i / 2):
            C[k] = 0
        for k in sp.meta_for(1 << 20):
            C[k] = 0
        for a, b in sp.meta_for([0, 1]):
            C[a] = b
