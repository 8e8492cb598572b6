"""Two channels between two kernels, the second read before the first is empty: it needs three places."""

import spatial as sp
from spatial import Stream, float32

S = 4


@sp.region()
def program(X: float32[S], W: float32[S], Y: float32[S]):
    early: Stream[float32, 3]
    late: Stream[float32, 1]
    back: Stream[float32, 2]

    @sp.kernel()
    def split(X: float32[S]):
        early.put(X[0])
        early.put(X[1])
        for s in range(S):
            late.put(X[s] * 2)
            if s < S - 2:
                early.put(X[s + 2])

    @sp.kernel()
    def join(W: float32[S]):
        for s in range(S):
            b: float32 = late.get()
            a: float32 = early.get()
            back.put(a - b * W[s])

    @sp.kernel()
    def keep(Y: float32[S]):
        for s in range(S):
            Y[s] = back.get() + 1
