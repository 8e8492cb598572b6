import spatial as sp
from spatial import Stream, int8


@sp.region()
def program():
    fs: Stream[int8, 2][2]

    @sp.kernel()
    def source():
        block: int8[3] = 0
        sp.scatter(fs, block)

    @sp.kernel()
    def sink():
        fs[0].get()
        fs[1].get()
