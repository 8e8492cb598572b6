import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        with sp.meta_if(i == 0), sp.meta_if(i == 1):
            C[i] = 0
        with sp.meta_else:
            C[i] = 0
        for k in sp.meta_if(i == 0):
            C[i] = 0
        for k in sp.meta_for:
            C[i] = 0
