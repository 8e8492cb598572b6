import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        with sp.meta_if():
            C[i] = 0
        with sp.meta_elif(i == 0, i == 1):
            C[i] = 0
        with sp.meta_else(i == 2):
            C[i] = 0
        for k in sp.meta_for():
            C[i] = 0
        with sp.meta_if(i == 0) as first:
            C[i] = 0
