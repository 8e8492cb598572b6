import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(a: Stream[int32], b: Stream[int32]):
    @sp.kernel
    def left():
        a.put(1)

    @sp.kernel
    def right():
        b.put(a.get())
