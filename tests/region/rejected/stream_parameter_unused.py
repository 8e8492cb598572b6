import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(a: Stream[int32], b: Stream[int32]):
    @sp.kernel
    def pe():
        b.put(1)
