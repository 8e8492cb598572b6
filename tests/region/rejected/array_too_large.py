import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[1 << 70]):
    @sp.kernel(args=[A])
    def pe(A: int32[1 << 70]):
        buffer: int32[1 << 20, 1 << 30]
