import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        i = i + 1
        C[i] = 0
