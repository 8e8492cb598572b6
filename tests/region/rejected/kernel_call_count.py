import spatial as sp
from spatial import Stream, int32


@sp.kernel()
def worker(s: Stream[int32], n: int):
    for k in range(n):
        s.put(k)


@sp.region()
def program():
    s: Stream[int32, 2]
    worker(s, 4, count=3)
