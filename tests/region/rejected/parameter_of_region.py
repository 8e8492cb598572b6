import spatial as sp
from spatial import int32


@sp.region()
def program(A: int32[4], n: int32, *rest):
    pass
