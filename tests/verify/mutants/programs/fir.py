"""A filter on a chain of PEs: numbers and partial sums pass them side by side."""

import spatial as sp
from spatial import Stream, int16, int32

T, S = 3, 5


@sp.region()
def program(X: int16[S], taps: int16[T], Y: int32[S]):
    numbers: Stream[int16, 2][T + 1]
    sums: Stream[int32, 2][T + 1]

    @sp.kernel()
    def source(X: int16[S]):
        for s in range(S):
            numbers[0].put(X[s])
            sums[0].put(0)

    @sp.kernel(mapping=[T])
    def tap(taps: int16[T]):
        t = sp.get_pid()
        before: int16 = 0
        for s in range(S):
            total: int32 = sums[t].get()
            number: int16 = numbers[t].get()
            sums[t + 1].put(total + taps[t] * number)
            numbers[t + 1].put(before)
            before = number

    @sp.kernel()
    def sink(Y: int32[S]):
        for s in range(S):
            Y[s] = sums[T].get()
            unused: int16 = numbers[T].get()
