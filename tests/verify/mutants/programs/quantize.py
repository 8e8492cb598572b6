"""Sums of products brought from 32 bits to 8 by a factor and a shift, with casts on the way."""

import spatial as sp
from spatial import Int, int8, int16, int32, int64

N = 6


def program(X: int32[N], factor: int16[N], zero: int8[N], Y: int8[N]):
    for n in range(N):
        wide: int64 = int64(X[n]) * factor[n]
        half: int64 = 1 << 14
        moved: int32 = (wide + half) >> 15
        low: Int(12) = moved - zero[n]
        bounded: int16 = sp.minimum(sp.maximum(int16(low), int16(-128)), int16(127))
        Y[n] = int8(bounded) + zero[n]
