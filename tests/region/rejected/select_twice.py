import spatial as sp
from spatial import Stream, int32


@sp.region()
def program():
    a: Stream[int32, 2]

    @sp.kernel()
    def source():
        a.put(1)

    @sp.kernel()
    def sink():
        k, token = sp.select(a, a)
