import spatial as sp
from spatial import Stream, int8, int32


@sp.region()
def program():
    a: Stream[int8, 2]
    fs: Stream[int32, 2][2]

    @sp.kernel()
    def source():
        a.put(1)
        fs[0].put(1)
        fs[1].put(1)

    @sp.kernel()
    def sink():
        i = a.get()
        k, token = sp.select(fs[i], fs[1])
