import spatial as sp
from spatial import int32


@sp.kernel(mapping=[4], args=["A"])
def program(A: int32[4]):
    A[0] = 1
