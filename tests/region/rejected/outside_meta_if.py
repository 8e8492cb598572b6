import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4]):
    with sp.meta_if(True):

        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            A[0] = 1
