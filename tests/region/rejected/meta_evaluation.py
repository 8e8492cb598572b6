import spatial as sp
from spatial import int32

table = [1, 2, 3]


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        n = table[i] + 1
        C[i] = n
        C[0] = 7 % (i - i)
