import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        with sp.meta_if(i == 0):
            n = 4
            x: int32 = 1
        C[i] = n
        C[i] = x
