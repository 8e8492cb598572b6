import spatial as sp
from spatial import Stream, int8


@sp.region()
def program():
    a: Stream[int8, 2]

    @sp.kernel()
    def source():
        a.put(1)

    @sp.kernel()
    def sink():
        block = sp.gather(a)
