import spatial as sp
from spatial import float32


@sp.region()
def program():
    fifo = sp.pipe(dtype=float32, depth=0)
