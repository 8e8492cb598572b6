import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4]):
    @sp.kernel()
    def pe(A: int32[4]):
        program(A)
