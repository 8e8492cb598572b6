import spatial as sp
from spatial import Stream, int8


@sp.region()
def program(A: int8[4]):
    lanes: Stream[int8, 2][4]

    @sp.kernel(mapping=[1], args=[A])
    def scatter(A: int8[4]):
        for k in range(4):
            lanes[k].put(A[k])
