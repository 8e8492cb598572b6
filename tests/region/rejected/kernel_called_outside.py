import spatial as sp
from spatial import Stream, int32


@sp.kernel()
def worker(s: Stream[int32], n: int):
    for k in range(n):
        s.put(k)


worker(None, 4)
