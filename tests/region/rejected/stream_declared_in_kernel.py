import spatial as sp
from spatial import Stream, float32


@sp.region()
def program():
    @sp.kernel()
    def source():
        fifo: Stream[float32, 2]
