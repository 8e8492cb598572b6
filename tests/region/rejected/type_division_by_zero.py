import spatial as sp
from spatial import int32

zero = 0


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        C[0] = C[1] // zero
        C[1] %= 0
        C[i] = C[i] / i
