import spatial as sp
from spatial import Stream, int32


@sp.kernel()
def worker(s: Stream[int32], A: int32[4], n: int):
    for k in range(n):
        s.put(A[k])


@sp.region()
def program(A: int32[8]):
    s: Stream[int32, 2]
    worker(A, s, 4)
    worker(s, A, s)
