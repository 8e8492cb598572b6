import spatial as sp
from spatial import int32


@sp.region()
def program(C: int32[4]):
    @sp.kernel(mapping=[2], args=[C])
    def pe(C: int32[4]):
        i = sp.get_pid()
        for k in range(4):
            if C[k] > 3:
                break
                C[k] = 0
            if C[k] > 2:
                C[k] = 1
                continue
            else:
                break
            C[k] = 0
        with sp.meta_if(i == 0):
            while True:
                C[0] += 1
        with sp.meta_else():
            return
        C[1] = 0
