import spatial as sp
from spatial import int32


@sp.region()
def program(Y: int32[4], W: int32[4, 4]):
    @sp.kernel(mapping=[4], args=[Y])
    def element(Y: int32[4]):
        Y[0] = sp.get_pid()

    @sp.kernel(mapping=[2, 2], args=[W])
    def elements(W: int32[4, 4]):
        W[0, 0], W[0, 1] = sp.get_pid()

    @sp.kernel(mapping=[1])
    def window():
        a: int32[4] = 0
        a[0:1] = sp.get_pid()
