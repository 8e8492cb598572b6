"""A convolution of an image of unsigned bytes, rounded to 16 bits and held above zero."""

import spatial as sp
from spatial import int8, int16, int32, uint8

H, W, F = 4, 4, 3


def program(image: uint8[H, W], weights: int8[F, F], out: int16[H - F + 1, W - F + 1]):
    for y, x in sp.grid(H - F + 1, W - F + 1):
        total: int32 = 0
        for v in range(F):
            for u in range(F):
                total += image[y + v, x + u] * weights[v, u]
        rounded: int32 = (total + 8) >> 4
        shifted: int16 = rounded - weights[0, 0]
        out[y, x] = sp.maximum(shifted, int16(0))
