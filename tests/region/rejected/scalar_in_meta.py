import spatial as sp
from spatial import int32


@sp.region()
def program(n: int32, A: int32[4]):
    @sp.kernel(mapping=[2], args=[A])
    def pe(A: int32[4]):
        i = sp.get_pid()
        with sp.meta_if(n > 2):
            A[i] = n
