import spatial as sp
from spatial import Stateful, int32


@sp.region()
def program(A: int32[4] @ Stateful):
    @sp.kernel
    def pe(A: int32[4]):
        A[0] = 1
