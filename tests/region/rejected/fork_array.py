import spatial as sp
from spatial import Stream, int8


@sp.region()
def program():
    a: Stream[int8, 2][2]
    left, right = sp.fork(a)

    @sp.kernel()
    def source():
        a[0].put(1)
        a[1].put(1)

    @sp.kernel()
    def sink():
        left.get()
        right.get()
