"""Two sweeps of a stencil over integers, with a row kept between them, and a sum of all that is left."""

from spatial import int16, int32

S = 6


def program(X: int16[S], weight: int16[3], Y: int32[S], total: int32[1]):
    kept: int32[S]
    for s in range(S):
        left: int16 = X[s - 1] if s > 0 else 0
        right: int16 = X[s + 1] if s < S - 1 else 0
        kept[s] = left * weight[0] + X[s] * weight[1] + right * weight[2]
    rest: int32 = 0
    for s in range(S):
        Y[s] = kept[s] - kept[S - 1 - s] // 2
        rest += Y[s] - weight[1]
    total[0] = rest
