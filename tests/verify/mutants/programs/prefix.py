"""Running sums of rows of floats on a chain of PEs, each of which keeps its own sum."""

import spatial as sp
from spatial import Stream, float32

P, S = 2, 4


@sp.region()
def program(X: float32[P, S], Y: float32[P, S], ends: float32[P]):
    chain: Stream[float32, 2][P + 1]

    @sp.kernel()
    def begin():
        for s in range(S):
            chain[0].put(0)

    @sp.kernel(mapping=[P])
    def pe(X: float32[P, S], Y: float32[P, S], ends: float32[P]):
        p = sp.get_pid()
        own: float32 = 0
        for s in range(S):
            above: float32 = chain[p].get()
            own += X[p, s]
            Y[p, s] = own - above * 0.5
            chain[p + 1].put(above + own)
        ends[p] = own

    @sp.kernel()
    def end():
        for s in range(S):
            last: float32 = chain[P].get()
