import spatial as sp
from spatial import float32


@sp.region()
def program(A: float32[4, 0]):
    pass
