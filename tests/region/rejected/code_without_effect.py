import spatial as sp
from spatial import Stream, int32


@sp.region()
def program(Y: int32[4]):
    f: Stream[int32, 4]
    g: Stream[int32, 4][2]

    @sp.kernel()
    def source():
        for i in range(4):
            f.put(i)
            g[i % 2].put(i)
        f.put

    @sp.kernel(mapping=[1], args=[Y])
    def sink(Y: int32[4]):
        """A docstring has none either."""
        ...
        x = 1
        for i in range(4):
            Y[i] == f.get()
            x == x + 1
            g[i % 2].get
            g[i % 2].get()
            Y[i]
            -x
        x
        sp.get_pid
