import spatial as sp
from spatial import int8, uint8


@sp.region()
def program(C: int8[4]):
    @sp.kernel(mapping=[3], args=[C])
    def pe(C: int8[4]):
        i = sp.get_pid()
        small: int8 = 128
        C[0] = C[1] + 1000
        C[i] = C[i] * 2.5
        offset: uint8 = i - 1
