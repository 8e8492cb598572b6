import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(a: Stream[int32][2]):
    @sp.kernel
    def pe():
        a[1].put(a[0].get())
