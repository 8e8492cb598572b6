import spatial as sp
from spatial import int8


@sp.region()
def program(A: int8[4]):
    @sp.kernel(mapping=[1], args=[A])
    def source(A: int8[4]):
        A.put(1)
