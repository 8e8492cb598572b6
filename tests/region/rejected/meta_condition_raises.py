import spatial as sp
from spatial import int32

offsets = {0: 1, 1: 2}


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        with sp.meta_if(offsets[i] == 1):
            C[i] = 0
        with sp.meta_else():
            C[i] = 1
