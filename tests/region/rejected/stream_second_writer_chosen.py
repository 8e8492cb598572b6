import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(Y: int32[4]):
    f: Stream[int32, 4][4]

    @sp.kernel(mapping=[4])
    def source():
        i = sp.get_pid()
        x: int32 = i
        f[x].put(1)

    @sp.kernel(args=[Y])
    def sink(Y: int32[4]):
        for j in range(4):
            Y[j] = f[j].get()
