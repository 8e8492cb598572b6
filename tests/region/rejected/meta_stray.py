import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        with sp.meta_elif(i == 0):
            C[i] = 0
        with sp.meta_if(i == 1):
            C[i] = 1
        C[i] = C[i] + 1
        with sp.meta_else():
            C[i] = 2
        with sp.meta_if(i == 2):
            pass
        with sp.meta_else():
            pass
        with sp.meta_else():
            C[i] = 3
