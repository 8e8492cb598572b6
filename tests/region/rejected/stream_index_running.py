import numpy as np

import spatial as sp
from spatial import Stream, float32, int8

TABLE = np.arange(4)


def send(lane, value):
    lane.put(value)
    lane[0].put(1)
    sp.select(lane)
    lane + 1
    lane.push(1)
    _, x = sp.select(lane, lane)
    return lane


@sp.region()
def program(A: int8[4], B: float32[4]):
    lanes: Stream[int8, 2][4]
    mixed = {"a": lanes[0]}

    @sp.kernel(mapping=[1], args=[A, B])
    def scatter(A: int8[4], B: float32[4]):
        for k in range(4):
            send(lanes[k], B[k])
        lanes[B[0]].put(1)
        lanes[A[0], 1].put(1)
        lanes[A[0] :].put(1)
        lanes[A[0] > 0].put(1)
        x = lanes[A[0]]
        lanes[A[0]].put(B[0])
        lanes[A[0]].put(1, 2)
        y = lanes[A[0]].put(1)
        lanes[A[0]][1].put(1)
        TABLE[A[0]].put(1)
        mixed[A[0]].put(1)
        A[A[0]].put(1)
        lanes[missing].put(1)
        z = lanes[A[0]].get(1)
