import spatial as sp
from spatial import Stream, int32


def consume(X: Stream[int32], Y: int32[4]):
    for i in range(4):
        Y[i] = X.get()


def layer(X: int32[4], Y: int32[4]):
    consume(X, Y)


def program(X: int32[4], Y: int32[4]):
    layer(X, Y)
